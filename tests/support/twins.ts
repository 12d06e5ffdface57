import jwt from 'jsonwebtoken';
import type { Client } from './client.ts';
import type { TestServer } from './server.ts';

/** The tables with the owner in their primary key. */
const ownedTables = ['task_list', 'label', 'task', 'task_label', 'retired_id', 'session', 'security_event'];

/** All rows of a user in one table. */
type Records = readonly [table: string, rows: string];

export function idOf(user: Client): string {
  return String(jwt.decode(user.token ?? '')?.sub);
}

/** All records of a user, to be copied. */
export function recordsToCopy(server: TestServer, userId: string): Promise<Records[]> {
  return Promise.all(
    ownedTables.map(async (table): Promise<Records> => {
      const rows = `select jsonb_agg(to_jsonb(r)) rows from ${table} r where user_id = $1`;
      return [table, JSON.stringify((await server.sql<{ rows: unknown }>(rows, [userId]))[0]?.rows ?? [])];
    }),
  );
}

/** A new user with copies of the records, with the same ids. */
export async function newTwin(server: TestServer, records: readonly Records[]): Promise<Client> {
  const user = await server.newUser();
  for (const [table, rows] of records) {
    const own = { user_id: idOf(user), ...(table === 'session' ? { family: null } : {}) };
    const copy = `insert into ${table} select t.* from jsonb_array_elements($1::jsonb) r,
      jsonb_populate_record(null::${table}, r || $2::jsonb) t`;
    await server.sql(copy, [rows, JSON.stringify(own)]);
  }
  return user;
}

/** All rows of all other users. */
export function othersThan(server: TestServer, user: Client): Promise<unknown[]> {
  const all = ownedTables.map(
    (table) => `select '${table}' kind, to_jsonb(r) as row from ${table} r where user_id <> $1`,
  );
  return server.sql(`${all.join(' union all ')} order by kind, row`, [idOf(user)]);
}
