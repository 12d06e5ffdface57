import { dictionary } from '@zxcvbn-ts/language-common';
import bcrypt from 'bcrypt';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { requireStrongPassword } from '../../src/auth/passwords/password-rules.ts';
import { Passwords } from '../../src/auth/passwords/passwords.ts';
import { productName } from '../../src/product-name.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** What an attempt came to. */
const codeOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => 'done',
    (error) => error.code,
  );

/** bcrypt's comparisons, none of which ends until it is told to. */
function holdComparisons() {
  const running: ((isEqual: boolean) => void)[] = [];
  const compare = vi
    .spyOn(bcrypt, 'compare')
    .mockImplementation(() => new Promise<boolean>((resolve) => running.push(resolve)));
  /** Lets what runs end, with whatever takes its turn then. */
  const endAll = async (): Promise<void> => {
    for (let end = running.shift(); end; end = running.shift()) {
      end(false);
      await new Promise(setImmediate);
    }
  };
  return { compare, running, endAll };
}

/** Steps of work, where one at cost 0 is 1 and each further step doubles it. */
function workOf(compare: { mock: { calls: unknown[][] } }): number {
  return compare.mock.calls.reduce((sum, [, hash]) => sum + 2 ** bcrypt.getRounds(String(hash)), 0);
}

describe('the work of a comparison that does not match', () => {
  const cost = 10;

  test('is one hash at the full cost where there is no account', async () => {
    const compare = vi.spyOn(bcrypt, 'compare');
    expect(await new Passwords(cost, 1).matches('wrong horse', null)).toBe(false);
    expect(compare).toHaveBeenCalledTimes(1);
    expect(workOf(compare)).toBe(2 ** cost);
  });

  test.each([4, 5, 6, 7, 8, 9, 10])('is as much where the hash has cost %i of 10', async (rounds) => {
    const hash = await bcrypt.hash('correct horse', rounds);
    const compare = vi.spyOn(bcrypt, 'compare');
    expect(await new Passwords(cost, 1).matches('wrong horse', hash)).toBe(false);
    expect(workOf(compare)).toBe(2 ** cost);
  });

  test('is as much where the password is the right one with more behind its 72 bytes', async () => {
    const hash = await bcrypt.hash('x'.repeat(72), 5);
    const compare = vi.spyOn(bcrypt, 'compare');
    expect(await new Passwords(cost, 1).matches('x'.repeat(73), hash)).toBe(false);
    expect(workOf(compare)).toBe(2 ** cost);
  });
});

test('the empty password matches neither an account nor the dummy hash', async () => {
  const passwords = new Passwords(4, 1);
  expect(await passwords.matches('', null)).toBe(false);
  expect(await passwords.matches('', await passwords.hash('correct horse'))).toBe(false);
});

test('a hash is outdated below the cost, and neither at it nor above', async () => {
  const passwords = new Passwords(5, 1);
  const hashes = await Promise.all([4, 5, 6].map((cost) => bcrypt.hash('correct horse', cost)));
  expect(hashes.map((hash) => passwords.isOutdated(hash))).toEqual([true, false, false]);
});

/** Each in its turn, as the server calls them. */
function queueOf(passwords: Passwords): Pick<Passwords, 'matches' | 'hash'> {
  return {
    matches: (password, hash) => passwords.inTurn(() => passwords.matches(password, hash)),
    hash: (password) => passwords.inTurn(() => passwords.hash(password)),
  };
}

describe('the queue', () => {
  test.each([1, 2, 3])('never computes more than %i hashes at the same time', async (atOnce) => {
    const { compare, running, endAll } = holdComparisons();
    const passwords = queueOf(new Passwords(4, atOnce));
    const attempts = Array.from({ length: 20 }, () => passwords.matches('x', null));
    await new Promise(setImmediate);
    for (let begun = atOnce; begun <= 20; begun++) {
      expect(compare).toHaveBeenCalledTimes(begun);
      running.shift()?.(false);
      await new Promise(setImmediate);
    }
    await endAll();
    expect(await Promise.all(attempts)).toHaveLength(20);
  });

  test('counts making a hash as well as comparing with one', async () => {
    const { compare, endAll } = holdComparisons();
    const hash = vi.spyOn(bcrypt, 'hash').mockImplementation(async () => 'a hash');
    const passwords = queueOf(new Passwords(4, 1));
    const [first, second] = [passwords.matches('x', null), passwords.hash('x')];
    await new Promise(setImmediate);
    expect([compare.mock.calls.length, hash.mock.calls.length]).toEqual([1, 0]);
    await endAll();
    expect(await Promise.all([first, second])).toEqual([false, 'a hash']);
  });

  test('lets 200 wait, and refuses the next one at once with the time to wait', async () => {
    const { compare, endAll } = holdComparisons();
    const passwords = queueOf(new Passwords(4, 2));
    const attempts = Array.from({ length: 202 }, () => passwords.matches('x', null));
    await expect(passwords.matches('x', null)).rejects.toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      details: { retryAfter: 5 },
    });
    await expect(passwords.hash('x')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    // So far none has ended: the refusals waited for nothing.
    expect(compare).toHaveBeenCalledTimes(2);
    await endAll();
    expect(await Promise.all(attempts)).toHaveLength(202);
    expect(compare).toHaveBeenCalledTimes(202);
    const next = passwords.matches('x', null);
    await new Promise(setImmediate);
    await endAll();
    expect(await next).toBe(false);
  });

  test('refuses what has waited for more than 5 s when its turn comes, without computing it', async () => {
    const { compare, endAll } = holdComparisons();
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const passwords = queueOf(new Passwords(4, 1));
    const first = passwords.matches('x', null);
    await new Promise(setImmediate);
    const late = [codeOf(passwords.matches('x', null)), codeOf(passwords.hash('x'))];
    now.mockReturnValue(1);
    const inTime = codeOf(passwords.matches('x', null));
    now.mockReturnValue(5_001);
    await endAll();
    expect(await first).toBe(false);
    expect(await Promise.all(late)).toEqual(['SERVICE_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);
    expect(await inTime).toBe('done');
    expect(compare).toHaveBeenCalledTimes(2);
  });

  test('goes on after a hash that cannot be computed', async () => {
    vi.spyOn(bcrypt, 'compare').mockRejectedValueOnce(new Error('broken'));
    const passwords = queueOf(new Passwords(4, 1));
    await expect(passwords.matches('x', null)).rejects.toThrow('broken');
    expect(await passwords.matches('x', null)).toBe(false);
  });
});

test.each(['password123', 'PASSWORD123', 'PassWord123', '12345678', 'iloveyou1', 'qwertyuiop', 'trustno1'])(
  '%s is a common password',
  async (password) => expect(await new Passwords(4, 1).isCommon(password)).toBe(true),
);

test.each(['correct horse', 'constructor', '__proto__', 'hasOwnProperty'])(
  '%s is not a common password',
  async (password) => expect(await new Passwords(4, 1).isCommon(password)).toBe(false),
);

test('of the 49,000 common passwords, far more than 3,000 are long enough to be chosen', () => {
  const common = dictionary['passwords-common'];
  expect(Math.floor(common.length / 1_000)).toBe(49);
  expect(common.filter((password) => password.length >= 8).length).toBeGreaterThan(3_000);
});

test.each([
  ['Grace.Hopper@Example.com', 'grace.hopper@example.COM'],
  ['grace.hopper@example.com', 'Grace.Hopper'],
  ['"odd@part"@example.com', '"ODD@PART"'],
])('of the account %s, %s cannot be the password', async (email, password) => {
  await expect(requireStrongPassword(new Passwords(4, 1), password, email, 'password')).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: { fields: [{ path: ['input', 'password'], code: 'SAME_AS_EMAIL' }] },
  });
});

test.each(['grace.hopper@example', 'grace.hoppe', 'example.com', 'grace.hopper@example.com!'])(
  'of the account grace.hopper@example.com, %s can be the password',
  (password) => requireStrongPassword(new Passwords(4, 1), password, 'grace.hopper@example.com', 'password'),
);

test.each([`${productName}${productName}`, `${productName}-2026!`, `1${productName.toUpperCase()}2 3`])(
  '%s, which has no letters but those of the product’s name, cannot be the password',
  async (password) => {
    await expect(requireStrongPassword(new Passwords(4, 1), password, 'x@y.zz', 'password')).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      details: { fields: [{ path: ['input', 'password'], code: 'TOO_COMMON' }] },
    });
  },
);

test.each([`correct ${productName}`, `${productName}é`, '70930 11854', '🐎🔋📎✅🐎🔋📎✅'])(
  '%s can be the password',
  (password) => requireStrongPassword(new Passwords(4, 1), password, 'x@y.zz', 'password'),
);
