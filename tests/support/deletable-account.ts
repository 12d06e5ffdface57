import jwt from 'jsonwebtoken';
import { v7 as uuidv7 } from 'uuid';
import { expect } from 'vitest';
import { Client, type Reply } from './client.ts';
import type { TestServer } from './server.ts';

export const loggingIn = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { accessToken refreshToken }
}`;
export const refreshing =
  'mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) { accessToken } }';
const deleting = 'mutation ($password: String!) { deleteAccount(input: { password: $password }) { success } }';
/** The data of a successful `deleteAccount`. */
export const gone = { deleteAccount: { success: true } };

const claimsOf = ({ token }: Client) => jwt.decode(token ?? '', { json: true }) ?? {};
export const idOf = (user: Client): string => claimsOf(user).sub ?? '';
export const deleteAccount = (user: Client, given = user.password): Promise<Reply> =>
  user.run(deleting, { password: given });
export const logIn = ({ url, email, password }: Client, given = password): Promise<Reply> =>
  new Client(url).run(loggingIn, { email, password: given });

/** Creates a record. @returns its id */
export async function make(user: Client, field: string, type: string, input: Record<string, unknown>): Promise<string> {
  const operation = `mutation ($input: ${type}!) { ${field}(input: $input) { made: __typename } }`;
  const id = uuidv7();
  expect((await user.run(operation, { input: { id, ...input } })).data[field]).not.toBeNull();
  return id;
}

/** A user with some of all data that is stored for users. */
export async function makeLife(server: TestServer) {
  const user = await server.newUser();
  const other = (await logIn(user)).data.login;
  await logIn(user, 'wrong horse');
  const listId = await make(user, 'createList', 'CreateListInput', { name: 'Home' });
  const trashedList = await make(user, 'createList', 'CreateListInput', { name: 'Work' });
  const labelId = await make(user, 'createLabel', 'CreateLabelInput', { name: 'urgent' });
  const task = (input: object) => make(user, 'createTask', 'CreateTaskInput', { title: 'x', ...input });
  let parentId = await task({ listId, labelIds: [labelId] });
  for (let level = 2; level <= 5; level++) parentId = await task({ parentId, labelIds: [labelId] });
  await task({ listId: trashedList });
  const [trashed, purged] = [await task({}), await task({})];
  await user.run(`mutation { a: deleteTask(input: { id: "${trashed}" }) { deletedIds }
    b: deleteTask(input: { id: "${purged}" }) { deletedIds } purgeTask(input: { id: "${purged}" }) { purgedIds }
    deleteList(input: { id: "${trashedList}" }) { list { id } } }`);
  // Without a mail server, no token is mailed.
  await server.sql("insert into email_token values ($1, $2, 'RESET_PASSWORD', $3, $4, now() + interval '1 hour')", [
    idOf(user),
    uuidv7(),
    uuidv7(),
    user.email,
  ]);
  const revoked = claimsOf(user.withToken((await logIn(user)).data.login.accessToken)).sid;
  await user.run(`mutation { revokeSession(input: { id: "${revoked}" }) { success } }`);
  const { refreshToken } = (await user.withToken(null).run(refreshing, { token: other.refreshToken })).partialData;
  return { user, other: user.withToken(other.accessToken), otherToken: refreshToken ?? other.refreshToken, revoked };
}

/** The tables that contain one of these texts in any column, ignoring case. */
export async function tablesWith(server: TestServer, texts: readonly string[]): Promise<string[]> {
  const tables = await server.sql<{ name: string }>(
    `select quote_ident(table_schema) || '.' || quote_ident(table_name) as name from information_schema.tables
     where table_schema not in ('pg_catalog', 'information_schema') and table_type = 'BASE TABLE'`,
  );
  expect(tables.length).toBeGreaterThan(9);
  const found: string[] = [];
  for (const { name } of tables) {
    const any = `select from ${name} r where lower(r::text) like any($1) limit 1`;
    const rows = await server.sql(any, [texts.map((text) => `%${text.toLowerCase().replaceAll('_', '\\_')}%`)]);
    if (rows.length > 0) found.push(name.replace('public.', ''));
  }
  return found.sort();
}
