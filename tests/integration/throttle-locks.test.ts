import { createHash } from 'node:crypto';
import bcrypt from 'bcrypt';
import pg from 'pg';
import { afterEach, expect, test, vi } from 'vitest';
import { Client, type Reply } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { useServer } from '../support/server.ts';

// Rows that are locked together are locked in the order of their keys, so that no two requests wait for each other.

/** Without indexes, PostgreSQL finds rows in the order in which they lie in their table, unless a statement sorts them. */
const server = useServer({}, async (url) => {
  for (const plan of ['indexscan', 'indexonlyscan', 'bitmapscan', 'nestloop', 'mergejoin']) {
    await query(url, `alter database ${new URL(url).pathname.slice(1)} set enable_${plan} = off`);
  }
  return url;
});
const [right, wrong] = ['correct horse', 'wrong horse'];
const logIn = ({ address, email }: Client, password: string): Promise<Reply> =>
  Object.assign(server.client(), { address }).run(
    'mutation ($email: String!, $password: String!) { login(input: { email: $email, password: $password }) { expiresIn } }',
    { email, password },
  );

afterEach(() => {
  vi.restoreAllMocks();
});

/** What the keys of an account begin with. */
function accountKey({ email }: Client): string {
  return `log-in to ${createHash('sha256').update(email).digest('base64url')}`;
}

/**
 * Runs `attempt` while the first of its rows is locked, which lies behind the others.
 * @returns how many of the others are free when it waits for that
 */
async function freeWhileWaiting<Result>(
  first: string,
  others: string,
  attempt: () => Promise<Result>,
): Promise<[number, Result]> {
  const { length } = await server.sql('update throttle set count = count where key = $1 returning key', [first]);
  expect(length).toBe(1);
  const holder = new pg.Client(server.databaseUrl);
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('select from throttle where key = $1 for update', [first]);
    const attempted = attempt();
    // Both in one statement: who counts a try waits for a tenth of a second, then lets go of all rows and begins anew.
    const look = `with free as materialized (select from throttle where starts_with(key, $1) for update skip locked)
      select (select count(*) from free)::int as free, exists (
        select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock') as waits`;
    let seen: { free: number; waits: boolean } | undefined;
    const waits = async () => {
      [seen] = await server.sql<{ free: number; waits: boolean }>(look, [others]);
      return seen?.waits;
    };
    await expect.poll(waits).toBe(true);
    await holder.query('rollback');
    return [seen?.free ?? 0, await attempted];
  } finally {
    await holder.end();
  }
}

test('those of a try', async () => {
  const user = await server.newUser();
  await logIn(user, wrong);
  const attempt = () => logIn(user, wrong);
  const [free, reply] = await freeWhileWaiting(`log-in from ${user.address}`, `${accountKey(user)} from `, attempt);
  expect([free, reply.code]).toEqual([1, 'INVALID_CREDENTIALS']);
});

test.each([right, wrong])('those of a try that is decided: %s', async (password) => {
  const user = await server.newUser();
  const compare = bcrypt.compare.bind(bcrypt);
  const { promise, resolve: decide } = Promise.withResolvers<void>();
  const compared = vi.spyOn(bcrypt, 'compare').mockImplementation(async (...given: Parameters<typeof compare>) => {
    await promise;
    return compare(...given);
  });
  const trying = logIn(user, password);
  await expect.poll(() => compared.mock.calls).toHaveLength(1);
  const attempt = () => {
    decide();
    return trying;
  };
  const [free] = await freeWhileWaiting(`log-in from ${user.address}`, `${accountKey(user)} from `, attempt);
  expect(free).toBe(1);
});

test('those of an account that is deleted', async () => {
  const user = await server.newUser();
  for (let place = 0; place < 3; place++) {
    await logIn(Object.assign(user.at(user.url), { address: new Client('').address }), wrong);
  }
  const deleting = `mutation { deleteAccount(input: { password: "${right}" }) { success } }`;
  const [free, reply] = await freeWhileWaiting(accountKey(user), `${accountKey(user)} `, () => user.run(deleting));
  // Three of strangers, and the owner's.
  expect([free, reply.data]).toEqual([4, { deleteAccount: { success: true } }]);
});
