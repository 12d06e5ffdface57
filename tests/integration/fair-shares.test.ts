import bcrypt from 'bcrypt';
import { afterEach, expect, test, vi } from 'vitest';
import { Client, type Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

afterEach(() => {
  vi.restoreAllMocks();
});

const login = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { accessToken }
}`;

/** Lets comparisons begin, and end only when it is told to. */
function holdComparisons(): { release(): void } {
  const gate = Promise.withResolvers<void>();
  const compare = bcrypt.compare.bind(bcrypt);
  const held = (async (password: string, hash: string) => {
    await gate.promise;
    return compare(password, hash);
  }) as typeof bcrypt.compare;
  vi.spyOn(bcrypt, 'compare').mockImplementation(held);
  return { release: () => gate.resolve() };
}

test('right passwords from one place take twenty places of the queue, and no more, while others come in', async () => {
  const { email, password, address } = await server.newUser();
  const other = await server.newUser();
  const comparisons = holdComparisons();
  const logIn = (from: string, who: string): Promise<Reply> =>
    Object.assign(new Client(server.url), { address: from }).run(login, { email: who, password });
  // Ten may be under way for one account from one place, so that it takes three accounts.
  const accounts = [email, (await server.newUser()).email, (await server.newUser()).email];
  const sent = accounts.flatMap((who) => Array.from({ length: 8 }, () => logIn(address, who)));
  const refused: Reply[] = [];
  for (const reply of sent) reply.then((done) => refused.push(done));
  await expect.poll(() => refused.length).toBe(4);
  for (const reply of refused) {
    expect([reply.code, reply.error.extensions.retryAfter]).toEqual(['SERVICE_UNAVAILABLE', 2]);
  }
  const elsewhere = logIn(other.address, other.email);
  comparisons.release();
  expect((await elsewhere).data.login.accessToken).toMatch(/^ey/);
  const replies = await Promise.all(sent);
  expect(replies.filter((reply) => reply.partialData.login !== null)).toHaveLength(20);
  // What was refused counts as no try, and the place is free again.
  const [spent] = await server.sql('select coalesce(sum(count), 0)::int as count from throttle where key like $1', [
    `%${address}`,
  ]);
  expect(spent).toEqual({ count: 0 });
  expect((await logIn(address, email)).data.login.accessToken).toMatch(/^ey/);
});
