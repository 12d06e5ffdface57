import { expect, onTestFinished, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { startServer, useServer } from '../support/server.ts';

// The rights are those of the role of DATABASE_URL.
const server = useServer({ rowSecurity: false });

/** The same API for a role that is no superuser, and may do with the data whatever it likes. */
async function startForPlainRole(): Promise<string> {
  const [row] = await server.sql<{ role: string }>(`select 'plain_' || current_database() as role`);
  await server.sql(`create role "${row?.role}" login password 'plain'`);
  await server.sql(`grant pg_read_all_data, pg_write_all_data to "${row?.role}"`);
  const url = Object.assign(new URL(server.databaseUrl), { username: row?.role, password: 'plain' });
  const app = await startServer(url.href, { jobs: false, rowSecurity: false });
  onTestFinished(async () => {
    await app.stop();
    await server.sql(`drop role "${row?.role}"`);
  });
  return app.url;
}

const next = (user: Client, after: string | null = null) =>
  user.run('query ($after: String) { changes(after: $after) { changes { id } cursor } }', { after });

const cursorOf = async (user: Client): Promise<string> => (await next(user)).data.changes.cursor;

/** As of a copy of the database on another server. */
function ofAnotherCluster(cursor: string): string {
  const [owner, epoch, , ...position] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  return Buffer.from(JSON.stringify([owner, epoch, 'another', ...position])).toString('base64url');
}

test('instances go on with the cursors of one whose role may not read the identity of the cluster, and it with theirs', async () => {
  const user = await server.newUser();
  const plain = user.at(await startForPlainRole());
  const early = await cursorOf(plain);
  await server.sql('revoke execute on function pg_control_system() from public');
  // While it runs, the right is gone.
  const [late, whole] = [await cursorOf(plain), await cursorOf(user)];
  expect(late).not.toBe(early);
  expect(whole).toBe(early);
  const id = await user.createTask();
  for (const reader of [user, plain]) {
    for (const cursor of [early, late, whole]) {
      expect((await next(reader, cursor)).data.changes.changes).toEqual([{ id }]);
    }
  }
  const foreign = ofAnotherCluster(whole);
  expect((await next(user, foreign)).code).toBe('CURSOR_EXPIRED');
  expect((await next(plain, foreign)).data).toBeTruthy();
  // After it, the database is another one for all.
  await server.sql('update change_epoch set epoch = gen_random_uuid()');
  for (const reader of [user, plain]) {
    for (const cursor of [early, late, whole]) expect((await next(reader, cursor)).code).toBe('CURSOR_EXPIRED');
  }
});
