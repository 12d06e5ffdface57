import pg from 'pg';
import { expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { idOf } from '../support/deletable-account.ts';
import { useServer } from '../support/server.ts';
import { createTask } from '../support/tasks.ts';

const server = useServer();

async function page(user: Client, after: string | null = null) {
  const operation = 'query ($after: String) { changes(after: $after) { changes { typeName } cursor } }';
  return (await user.run(operation, { after })).data.changes;
}

/** What waits for a lock. */
const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

test.each(['completeTask(input: { id: "ID" }) { task { id } }', 'createTask(input: { title: "b" }) { task { id } }'])(
  'an account from before there were counters gets one: %s',
  async (change) => {
    const user = await server.newUser();
    const id = await createTask(user, 'a');
    await server.sql('delete from user_change where user_id = $1', [idOf(user)]);
    await server.sql('update task set revision = 0 where user_id = $1', [idOf(user)]);
    const { cursor, changes } = await page(user);
    expect(changes).toHaveLength(2);
    expect((await user.run(`mutation { ${change.replace('ID', id)} }`)).data).not.toBeNull();
    expect((await page(user, cursor)).changes).toEqual([{ typeName: 'Task' }]);
  },
);

test('an account that is being deleted gets no counter any more', async () => {
  const user = await server.newUser();
  await server.sql('delete from user_change where user_id = $1', [idOf(user)]);
  const holder = new pg.Client(server.databaseUrl);
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('update "user" set purged_at = now() where id = $1', [idOf(user)]);
    const creating = user.run('mutation { createTask(input: { title: "late" }) { task { id } } }');
    await expect.poll(() => server.sql(waiting)).toHaveLength(1);
    await holder.query('commit');
    expect((await creating).code).toBe('UNAUTHENTICATED');
  } finally {
    await holder.end();
  }
  expect(await server.sql('select from task where user_id = $1', [idOf(user)])).toEqual([]);
});
