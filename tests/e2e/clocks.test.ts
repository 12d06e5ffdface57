import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { test } from '../support/program.ts';

const seconds = 60;

/** Runs before the program: its clock is a minute fast, in every way that JavaScript can look at it. */
const fastClock = `data:text/javascript,${encodeURIComponent(`
  const Real = Date;
  globalThis.Date = class Date extends Real {
    constructor(...given) { given.length === 0 ? super(Real.now() + ${seconds * 1_000}) : super(...given); }
    static now() { return Real.now() + ${seconds * 1_000}; }
  };
`)}`;

const me = '{ me { email } }';
const tokens = 'accessToken refreshToken expiresIn';
const login = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { ${tokens} }
}`;
const refresh = `mutation ($refreshToken: String!) { refreshSession(input: { refreshToken: $refreshToken }) { ${tokens} } }`;

interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}

type Start = (env: Record<string, string>) => { url(): Promise<string> };

/** A client of each of two instances on one database, the second of which is a minute fast; both as the same person. */
async function startBoth(start: Start, settings: Record<string, string>, others: Record<string, string> = {}) {
  const common = { ...settings, ...others, BCRYPT_COST: '10', TRUST_PROXY: 'loopback' };
  const [right = '', fast = ''] = await Promise.all([
    start(common).url(),
    start({ ...common, NODE_OPTIONS: `--import=${fastClock}` }).url(),
  ]);
  const user = await Client.signUp(right);
  const credentials = { email: user.email, password: user.password };
  return { right: user, fast: user.at(fast), credentials };
}

async function logIn(client: Client, credentials: Record<string, string>): Promise<Tokens> {
  return (await client.withToken(null).run(login, credentials)).data.login;
}

async function refreshAt(client: Client, { refreshToken }: Tokens): Promise<Tokens> {
  return (await client.withToken(null).run(refresh, { refreshToken })).data.refreshSession;
}

async function emailSeenBy(client: Client, { accessToken }: Tokens): Promise<string> {
  return (await client.withToken(accessToken).run(me)).data.me.email;
}

function issuedAt({ accessToken }: Tokens): number {
  return JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString()).iat;
}

test('tokens of either clock are good on both, and refreshed on both in turn', async ({ start, settings }) => {
  const { right, fast, credentials } = await startBoth(start, settings);
  // Or nothing here would be tested.
  const difference = issuedAt(await logIn(fast, credentials)) - issuedAt(await logIn(right, credentials));
  expect(Math.abs(difference - seconds)).toBeLessThan(20);
  for (const [one, other] of [
    [right, fast],
    [fast, right],
  ] as const) {
    let tokens = await logIn(one, credentials);
    for (let turn = 0; turn < 6; turn++) {
      expect(tokens.expiresIn).toBe(604_800);
      expect(await emailSeenBy(right, tokens)).toBe(right.email);
      expect(await emailSeenBy(fast, tokens)).toBe(right.email);
      tokens = await refreshAt(turn % 2 === 0 ? other : one, tokens);
    }
  }
  const lives = `select extract(epoch from expires_at - now())::float8 as life,
    extract(epoch from now() - created_at)::float8 as age from session`;
  for (const { life, age } of await query<{ life: number; age: number }>(settings.DATABASE_URL, lives)) {
    expect(life).toBeGreaterThan(30 * 86_400 - 30);
    expect(life).toBeLessThanOrEqual(30 * 86_400);
    expect(age).toBeGreaterThanOrEqual(0);
    expect(age).toBeLessThan(30);
  }
});

test('within the 30 s, a minute apart, the same client is given the same next token by both; another ends the session on both', async ({
  start,
  settings,
}) => {
  const { right, fast, credentials } = await startBoth(start, settings);
  for (const [one, other] of [
    [right, fast],
    [fast, right],
  ] as const) {
    const first = await logIn(one, credentials);
    const next = await refreshAt(one, first);
    expect((await refreshAt(other, first)).refreshToken).toBe(next.refreshToken);
    expect((await refreshAt(one, first)).refreshToken).toBe(next.refreshToken);
    const thief = new Client(other.url);
    expect((await thief.run(refresh, { refreshToken: first.refreshToken })).code).toBe('INVALID_CREDENTIALS');
    for (const client of [one, other]) {
      expect((await client.withToken(next.accessToken).run(me)).status).toBe(401);
      expect((await client.withToken(null).run(refresh, { refreshToken: next.refreshToken })).code).toBe(
        'INVALID_CREDENTIALS',
      );
    }
  }
});

test('a refresh token that was used longer than 30 s ago is a replay to both', async ({ start, settings }) => {
  const { right, fast, credentials } = await startBoth(start, settings);
  for (const client of [right, fast]) {
    const first = await logIn(client, credentials);
    const { accessToken } = await refreshAt(client, first);
    await query(settings.DATABASE_URL, "update refresh_token set used_at = used_at - interval '31 s'");
    const again = await client.withToken(null).run(refresh, { refreshToken: first.refreshToken });
    expect(again.code).toBe('INVALID_CREDENTIALS');
    expect((await client.withToken(accessToken).run(me)).status).toBe(401);
  }
});

test('failed log-ins are counted together, in one window of 15 minutes', async ({ start, settings }) => {
  const { right, fast, credentials } = await startBoth(start, settings);
  for (const client of [right, fast, right, fast, right, fast, right, fast, right, fast]) {
    const reply = await client.withToken(null).run(login, { ...credentials, password: 'wrong horse' });
    expect(reply.code).toBe('INVALID_CREDENTIALS');
  }
  for (const client of [right, fast]) {
    const reply = await client.withToken(null).run(login, credentials);
    expect(reply.code).toBe('RATE_LIMITED');
    expect(reply.error.extensions.retryAfter).toBeGreaterThan(900 - 30);
    expect(reply.error.extensions.retryAfter).toBeLessThanOrEqual(900);
  }
});

test('an access token of two minutes is good on both for the first; one shorter than the clocks differ is refused by the fast one, which refreshes it', async ({
  start,
  settings,
}) => {
  const twoMinutes = await startBoth(start, settings, { ACCESS_TOKEN_TTL: '2m' });
  for (const issuer of [twoMinutes.right, twoMinutes.fast]) {
    const tokens = await logIn(issuer, twoMinutes.credentials);
    expect(tokens.expiresIn).toBe(120);
    expect(await emailSeenBy(twoMinutes.right, tokens)).toBe(issuer.email);
    expect(await emailSeenBy(twoMinutes.fast, tokens)).toBe(issuer.email);
  }
  const { right, fast, credentials } = await startBoth(start, settings, {
    ACCESS_TOKEN_TTL: '50s',
    REFRESH_TOKEN_TTL: '50s',
  });
  const tokens = await logIn(right, credentials);
  expect((await fast.withToken(tokens.accessToken).run(me)).status).toBe(401);
  expect(await emailSeenBy(fast, await refreshAt(fast, tokens))).toBe(right.email);
});
