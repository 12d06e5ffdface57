import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import {
  deleteAccount,
  gone,
  idOf,
  loggingIn,
  logIn,
  makeLife,
  refreshing,
  tablesWith,
} from '../support/deletable-account.ts';
import { useServer } from '../support/server.ts';

const server = useServer({ databasePoolSize: 2 });
/** Another instance on the same database. */
const second = useServer({
  get databaseUrl() {
    return server.databaseUrl;
  },
});

const password = 'correct horse';
const me = '{ me { id } }';

const everyTable = ['email_token', 'label', 'refresh_token', 'retired_id', 'security_event', 'session', 'task'].concat([
  'task_label',
  'task_list',
  'throttle',
  '"user"',
  'user_change',
]);

describe('deleteAccount', () => {
  test('leaves nothing of the user in any column of any table', async () => {
    const { user, revoked } = await makeLife(server);
    const sessions = await server.sql<{ id: string }>('select id from session where user_id = $1', [idOf(user)]);
    const tries = createHash('sha256').update(user.email).digest('base64url');
    const traces = [idOf(user), user.email, tries, revoked, ...sessions.map(({ id }) => id)];
    expect(traces).toHaveLength(6);
    expect(await tablesWith(server, traces)).toEqual(everyTable.sort());
    expect((await deleteAccount(user)).data).toEqual(gone);
    expect(await tablesWith(server, traces)).toEqual([]);
  });

  test("leaves everything of another user's", async () => {
    const [mine, theirs] = [await makeLife(server), await makeLife(server)];
    const rows = () =>
      Promise.all(
        everyTable
          .filter((name) => name !== 'throttle')
          .map((name) => {
            const owner = name === '"user"' ? 'id' : 'user_id';
            return server.sql(`select to_jsonb(r) row from ${name} r where ${owner} = $1 order by 1`, [
              idOf(theirs.user),
            ]);
          }),
      );
    const throttles = (email: string) => [`%${createHash('sha256').update(email).digest('base64url')}%`];
    const counted = () =>
      server.sql('select * from throttle where key like any($1) order by 1', [throttles(theirs.user.email)]);
    const before = [await rows(), await counted()];
    expect(before.flat(2).length).toBeGreaterThan(20);
    expect((await deleteAccount(mine.user)).data).toEqual(gone);
    expect([await rows(), await counted()]).toEqual(before);
    expect((await theirs.user.run(me)).data.me.id).toBe(idOf(theirs.user));
  });

  test('ends every token at once, on every instance', async () => {
    const { user, other, otherToken } = await makeLife(server);
    for (const url of [server.url, second.url]) expect((await other.at(url).run(me)).status).toBe(200);
    expect((await deleteAccount(user)).data).toEqual(gone);
    for (const url of [second.url, server.url]) {
      for (const client of [user, other]) {
        const reply = await client.at(url).run(me);
        expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
      }
      const refreshed = await server.client().at(url).run(refreshing, { token: otherToken });
      expect(refreshed.code).toBe('INVALID_CREDENTIALS');
    }
    expect((await logIn(user)).code).toBe('INVALID_CREDENTIALS');
  });

  test('is refused with a wrong password, and then removes nothing', async () => {
    const { user, other } = await makeLife(server);
    for (const given of ['wrong horse', '', `${password} `]) {
      const reply = await deleteAccount(user, given);
      expect([reply.status, reply.code, reply.partialData]).toEqual([
        200,
        'INVALID_CREDENTIALS',
        { deleteAccount: null },
      ]);
    }
    expect((await other.run('{ lists { totalCount } }')).data.lists.totalCount).toBe(1);
  });

  test('needs a session', async () => {
    expect(await deleteAccount(server.client(), password)).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test('frees the e-mail address for a new account, which starts with nothing', async () => {
    const { user } = await makeLife(server);
    expect((await deleteAccount(user)).data).toEqual(gone);
    const again = await Client.signUp(server.url, user.email, password);
    expect(idOf(again)).not.toBe(idOf(user));
    const { data } = await again.run(
      '{ tasks { totalCount } lists { totalCount } me { securityEvents { totalCount } } }',
    );
    expect(data).toEqual({
      tasks: { totalCount: 0 },
      lists: { totalCount: 0 },
      me: { securityEvents: { totalCount: 1 } },
    });
  });

  test('forgets how often the password was guessed', async () => {
    const user = await server.newUser();
    const guess = () => user.withToken(null).run(loggingIn, { email: user.email, password: 'wrong horse' });
    for (let count = 0; count < 9; count++) expect((await guess()).code).toBe('INVALID_CREDENTIALS');
    expect((await deleteAccount(user)).data).toEqual(gone);
    for (let count = 0; count < 10; count++) expect((await guess()).code).toBe('INVALID_CREDENTIALS');
    expect((await guess()).code).toBe('RATE_LIMITED');
  });

  test('is logged by the id and the address alone', async () => {
    const user = await server.newUser();
    await deleteAccount(user);
    const lines = server
      .logs()
      .split('\n')
      .filter((line) => line.includes('ACCOUNT_DELETED') && line.includes(idOf(user)));
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'info', securityEvent: 'ACCOUNT_DELETED', userId: idOf(user), address: user.address },
    ]);
    expect(lines[0]).not.toContain(user.email);
  });

  test('reads no table once for each task, on connections that know the tables as small, too', async () => {
    // What the triggers of the tests' databases read is not what is measured.
    await server.sql('drop function check_record, check_removal, check_label_link cascade');
    await makeLife(server);
    // The next time would make every connection forget its plans.
    await server.sql('analyze task');
    await server.sql('alter table task set (autovacuum_enabled = false)');
    for (let count = 0; count < 8; count++) await deleteAccount((await makeLife(server)).user);
    const user = await server.newUser();
    // With ids in the order of their rows, as those of UUIDv7.
    await server.sql(
      `insert into task (user_id, id, parent_id, position, title, description, priority, version, created_at, updated_at)
       select $1::uuid, lpad(to_hex(n), 32, '0')::uuid, case when n > 600 then lpad(to_hex(n - 600), 32, '0')::uuid end,
         'a' || n, 'x', '', 0, 1, now(), now() from generate_series(1, 3000) n, pg_stat_force_next_flush()`,
      [idOf(user)],
    );
    const before = await workOnTasks();
    expect((await deleteAccount(user)).data).toEqual(gone);
    expect(await server.sql('select from task where user_id = $1 limit 1', [idOf(user)])).toHaveLength(0);
    const other = await server.newUser();
    const removed = async (): Promise<number> => {
      // A connection tells what it did at the end of a later transaction.
      await Promise.all([1, 2].map(() => other.run('mutation { createTask(input: { title: "x" }) { task { id } } }')));
      return (await workOnTasks()).deleted - before.deleted;
    };
    await expect.poll(removed, { interval: 300 }).toBeGreaterThan(2_999);
    expect((await workOnTasks()).blocks - before.blocks).toBeLessThan(25 * 3_000);
  });
});

/** How often all connections have looked at a block of the tasks so far, and how many tasks they have removed. */
async function workOnTasks(): Promise<{ blocks: number; deleted: number }> {
  const text = `select (heap_blks_hit + heap_blks_read)::float8 as blocks, n_tup_del::float8 as deleted
    from pg_statio_user_tables join pg_stat_user_tables using (relid) where relid = 'task'::regclass`;
  const [row] = await server.sql<{ blocks: number; deleted: number }>(text);
  if (!row) throw new Error('no statistics');
  return row;
}
