import { createHash } from 'node:crypto';
import jwt from 'jsonwebtoken';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { Client, type Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
/** Another instance on the same database. */
const second = useServer({
  get databaseUrl() {
    return server.databaseUrl;
  },
});

const password = 'correct horse';
const deleting = 'mutation ($password: String!) { deleteAccount(input: { password: $password }) { success } }';
const loggingIn = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { accessToken refreshToken }
}`;
const refreshing = 'mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) { accessToken } }';
const me = '{ me { id } }';
const gone = { deleteAccount: { success: true } };

const claimsOf = ({ token }: Client) => jwt.decode(token ?? '', { json: true }) ?? {};
const idOf = (user: Client): string => claimsOf(user).sub ?? '';
const deleteAccount = (user: Client, given = password): Promise<Reply> => user.run(deleting, { password: given });
const logIn = ({ email }: Client, given = password): Promise<Reply> =>
  server.client().run(loggingIn, { email, password: given });

/** Makes a record and answers its id. */
async function make(user: Client, field: string, type: string, input: Record<string, unknown>): Promise<string> {
  const operation = `mutation ($input: ${type}!) { ${field}(input: $input) { made: __typename } }`;
  const id = uuidv7();
  expect((await user.run(operation, { input: { id, ...input } })).data[field]).not.toBeNull();
  return id;
}

/** A user with some of everything that is stored of users. */
async function makeLife() {
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
  const revoked = claimsOf(user.withToken((await logIn(user)).data.login.accessToken)).sid;
  await user.run(`mutation { revokeSession(input: { id: "${revoked}" }) { success } }`);
  const { refreshToken } = (await user.withToken(null).run(refreshing, { token: other.refreshToken })).partialData;
  return { user, other: user.withToken(other.accessToken), otherToken: refreshToken ?? other.refreshToken, revoked };
}

/** The tables that have one of these texts in any column, in any case. */
async function tablesWith(texts: readonly string[]): Promise<string[]> {
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

const everyTable = ['label', 'refresh_token', 'retired_id', 'security_event', 'session', 'task'].concat([
  'task_label',
  'task_list',
  'throttle',
  '"user"',
]);

/** Runs `work` while a transaction of ours holds the user's row; `release` ends it. */
async function whileLocked<Result>(user: Client, work: (release: () => Promise<unknown>) => Promise<Result>) {
  const holder = new pg.Client(server.databaseUrl);
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('select from "user" where id = $1 for update', [idOf(user)]);
    return await work(() => holder.query('commit'));
  } finally {
    await holder.end();
  }
}

async function waiting(count: number): Promise<void> {
  const text = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  await expect.poll(() => server.sql(text), { timeout: 8_000 }).toHaveLength(count);
}

describe('deleteAccount', () => {
  test('leaves nothing of the user in any column of any table', async () => {
    const { user, revoked } = await makeLife();
    const sessions = await server.sql<{ id: string }>('select id from session where user_id = $1', [idOf(user)]);
    const tries = createHash('sha256').update(user.email).digest('base64url');
    const traces = [idOf(user), user.email, tries, revoked, ...sessions.map(({ id }) => id)];
    expect(traces).toHaveLength(6);
    expect(await tablesWith(traces)).toEqual(everyTable.sort());
    expect((await deleteAccount(user)).data).toEqual(gone);
    expect(await tablesWith(traces)).toEqual([]);
  });

  test("leaves everything of another user's", async () => {
    const [mine, theirs] = [await makeLife(), await makeLife()];
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
    const { user, other, otherToken } = await makeLife();
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
    const { user, other } = await makeLife();
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
    expect(await deleteAccount(server.client())).toMatchObject({ status: 401, code: 'UNAUTHENTICATED' });
  });

  test('frees the e-mail address for a new account, which starts with nothing', async () => {
    const { user } = await makeLife();
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

  test('removes 20,000 tasks in a tree of five levels', async () => {
    const user = await server.newUser();
    await server.sql(
      `insert into task (user_id, id, parent_id, position, title, description, priority, version, created_at, updated_at)
       select $1::uuid, md5($1::text || n)::uuid, case when n > 4000 then md5($1::text || (n - 4000))::uuid end,
         'a' || n, 'x', '', 0, 1, now(), now() from generate_series(1, 20000) n`,
      [idOf(user)],
    );
    expect((await user.run('{ tasks { totalCount } }')).data.tasks.totalCount).toBe(20_000);
    expect((await deleteAccount(user)).data).toEqual(gone);
    expect(await server.sql('select from task where user_id = $1 limit 1', [idOf(user)])).toHaveLength(0);
  }, 90_000);
});

test('an account whose password has just become another is not deleted by the old one', async () => {
  const user = await server.newUser();
  const change = `changePassword(input: { currentPassword: "${password}", newPassword: "battery staple" }) { accessToken }`;
  let accessToken = '';
  await whileLocked(user, async (release) => {
    const changed = user.run(`mutation { ${change} }`);
    await waiting(1);
    const deleted = deleteAccount(user);
    await waiting(2);
    await release();
    accessToken = (await changed).data.changePassword.accessToken;
    expect((await deleted).code).toBe('INVALID_CREDENTIALS');
  });
  expect((await user.withToken(accessToken).run(me)).data.me.id).toBe(idOf(user));
});

test('a second deletion of an account is refused at once, and keeps no connection from others', async () => {
  const user = await server.newUser();
  await whileLocked(user, async (release) => {
    const first = deleteAccount(user);
    await waiting(1);
    const more = await Promise.all(Array.from({ length: 5 }, () => deleteAccount(user)));
    expect(new Set(more.map((reply) => reply.code))).toEqual(new Set(['SERVICE_UNAVAILABLE']));
    await release();
    expect((await first).data).toEqual(gone);
  });
});

describe('while the account is deleted', () => {
  const creating = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';

  /** What a task is answered that is made while its user's deletion waits for its turn. */
  async function createLate(input: (ids: Record<'listId' | 'parentId' | 'labelId', string>) => object): Promise<Reply> {
    const user = await server.newUser();
    const ids = {
      listId: await make(user, 'createList', 'CreateListInput', { name: 'Home' }),
      parentId: await user.createTask(),
      labelId: await make(user, 'createLabel', 'CreateLabelInput', { name: 'urgent' }),
    };
    const created = await whileLocked(user, async (release) => {
      const deleted = deleteAccount(user);
      await waiting(1);
      const late = user.run(creating, { input: { title: 'late', ...input(ids) } });
      await waiting(2);
      await release();
      expect((await deleted).data).toEqual(gone);
      return late;
    });
    expect(await tablesWith([idOf(user)])).toEqual([]);
    return created;
  }

  test('a task that comes a moment later is refused as its session is, or as what it belongs to is', async () => {
    expect((await createLate(() => ({}))).code).toBe('UNAUTHENTICATED');
    expect((await createLate(() => ({ id: uuidv7() }))).code).toBe('UNAUTHENTICATED');
    expect((await createLate(({ labelId }) => ({ labelIds: [labelId] }))).code).toBe('UNAUTHENTICATED');
    expect((await createLate(({ parentId }) => ({ parentId }))).code).toBe('NOT_FOUND');
  });

  // The two wait for each other; whichever PostgreSQL undoes is done again.
  test('a task in a list that comes a moment later is refused likewise, or goes with the account', async () => {
    const reply = await createLate(({ listId }) => ({ listId }));
    if (reply.partialData.createTask === null) expect(['UNAUTHENTICATED', 'NOT_FOUND']).toContain(reply.code);
  });

  test('whatever else its sessions do ends well, and leaves nothing', async () => {
    for (let round = 0; round < 3; round++) {
      const { user, other } = await makeLife();
      const tokens: string[] = [];
      for (let count = 0; count < 5; count++) tokens.push((await logIn(user)).data.login.refreshToken);
      const taskId = await user.createTask();
      const storm = () => [
        ...Array.from({ length: 4 }, () => user.run(creating, { input: { title: 'x' } })),
        user.run('mutation { createList(input: { name: "x" }) { list { id } } }'),
        user.run(`mutation { createLabel(input: { name: "${uuidv7()}" }) { label { id } } }`),
        user.run(`mutation { completeTask(input: { id: "${taskId}" }) { task { id } } }`),
        user.run('mutation { updateMe(input: { timeZone: "Europe/Paris" }) { user { id } } }'),
        other.run(me),
        logIn(user),
        ...tokens.map((token) => user.withToken(null).run(refreshing, { token })),
      ];
      const before = storm();
      const deleted = deleteAccount(user);
      const replies = await Promise.all([...before, ...storm()]);
      expect((await deleted).data).toEqual(gone);
      const refused = replies.filter((reply) => reply.text.includes('"errors"'));
      for (const reply of refused) {
        expect(['UNAUTHENTICATED', 'INVALID_CREDENTIALS', 'NOT_FOUND'], String(reply)).toContain(reply.code);
      }
      expect((await tablesWith([idOf(user), user.email])).filter((name) => name !== 'throttle')).toEqual([]);
    }
  }, 90_000);
});
