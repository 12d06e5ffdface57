import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import {
  deleteAccount,
  gone,
  idOf,
  logIn,
  make,
  makeLife,
  refreshing,
  tablesWith,
} from '../support/deletable-account.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
/** Another instance on the same database: changes of a user wait there for the database alone. */
const second = useServer({
  get databaseUrl() {
    return server.databaseUrl;
  },
});
const deleteElsewhere = (user: Client) => deleteAccount(user.at(second.url));
const me = '{ me { id } }';

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
  await expect.poll(() => server.sql(text)).toHaveLength(count);
}

test('an account whose password has just become another is not deleted by the old one', async () => {
  const user = await server.newUser();
  const change = `changePassword(input: { currentPassword: "${user.password}", newPassword: "battery staple" }) { accessToken }`;
  let accessToken = '';
  await whileLocked(user, async (release) => {
    const changed = user.run(`mutation { ${change} }`);
    await waiting(1);
    const deleted = deleteElsewhere(user);
    await waiting(2);
    await release();
    accessToken = (await changed).data.changePassword.accessToken;
    expect((await deleted).code).toBe('INVALID_CREDENTIALS');
  });
  expect((await user.withToken(accessToken).run(me)).data.me.id).toBe(idOf(user));
});

test('further deletions of an account wait for the first without a connection, and find it gone', async () => {
  const user = await server.newUser();
  const counted = 'select count from throttle where key like $1';
  await whileLocked(user, async (release) => {
    const all = Array.from({ length: 5 }, () => deleteAccount(user));
    // Each has compared the password, and given its try back.
    const undecided = () => server.sql(`${counted} and count > 0`, [`log-in from ${user.address}%`]);
    await waiting(1);
    await expect.poll(undecided).toEqual([]);
    await waiting(1);
    await release();
    const codes = (await Promise.all(all)).map((reply) => (reply.text.includes('"errors"') ? reply.code : 'gone'));
    expect(codes.sort()).toEqual([...Array.from({ length: 4 }, () => 'INVALID_CREDENTIALS'), 'gone']);
  });
});

describe('while the account is deleted', () => {
  test.each([
    ['refreshSession', ''],
    ['logout', ''],
    ['logoutEverywhere', ''],
    ['revokeSession', '(input: { id: $id })'],
  ])(
    '%s has nothing of a session while it waits for the user, so that the deletion never waits for it',
    async (name, input) => {
      const user = await server.newUser();
      const { refreshToken } = (await logIn(user)).data.login;
      const sessions = 'select id from session where user_id = $1';
      const [session] = await server.sql<{ id: string }>(sessions, [idOf(user)]);
      await whileLocked(user, async (release) => {
        const ending = `mutation ${input && '($id: ID!)'} { ${name}${input} { success } }`;
        const sent =
          name === 'refreshSession'
            ? user.withToken(null).run(refreshing, { token: refreshToken })
            : user.run(ending, input ? { id: session?.id } : {});
        await waiting(1);
        expect(await server.sql(`${sessions} for update skip locked`, [idOf(user)])).toHaveLength(2);
        await release();
        expect((await sent).data[name]).not.toBeNull();
      });
    },
  );

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
      const deleted = deleteElsewhere(user);
      await waiting(1);
      const late = user.run(creating, { input: { title: 'late', ...input(ids) } });
      await waiting(2);
      await release();
      expect((await deleted).data).toEqual(gone);
      return late;
    });
    expect(await tablesWith(server, [idOf(user)])).toEqual([]);
    return created;
  }

  test('a task that comes a moment later is refused as its session is', async () => {
    expect((await createLate(() => ({ id: uuidv7() }))).code).toBe('UNAUTHENTICATED');
    expect((await createLate(({ labelId }) => ({ labelIds: [labelId] }))).code).toBe('UNAUTHENTICATED');
    expect((await createLate(({ parentId }) => ({ parentId }))).code).toBe('UNAUTHENTICATED');
  });

  test('a plain task that comes a moment later is refused likewise, or goes with the account', async () => {
    for (const input of [() => ({}), ({ listId }: { listId: string }) => ({ listId })]) {
      const reply = await createLate(input);
      if (reply.partialData.createTask === null) expect(['UNAUTHENTICATED', 'NOT_FOUND']).toContain(reply.code);
    }
  });

  test('whatever else its sessions do ends well, and leaves nothing', async () => {
    for (let round = 0; round < 3; round++) {
      const { user, other } = await makeLife(server);
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
      expect((await tablesWith(server, [idOf(user), user.email])).filter((name) => name !== 'throttle')).toEqual([]);
    }
  });

  test.each([
    [
      'with the account',
      'UNAUTHENTICATED',
      'update "user" set purged_at = now() where id = new.user_id; delete from user_change where user_id = new.user_id;',
    ],
    ['alone', 'CONFLICT', "insert into retired_id (user_id, id, kind) values (new.user_id, new.id, 'task');"],
  ])('what was made and went %s in the same moment is answered %s', async (_how, code, before) => {
    await server.sql(`create function vanish() returns trigger language plpgsql as $$ begin
        ${before} execute format('delete from %I where id = $1', tg_table_name) using new.id; return null;
      end $$`);
    for (const table of ['task', 'task_list']) {
      await server.sql(`create constraint trigger vanish after insert on ${table} deferrable initially deferred
        for each row execute function vanish()`);
    }
    // A label is answered as it was made, and not read again.
    for (const [field, input] of [
      ['createTask', `id: "${uuidv7()}", title: "x"`],
      ['createList', 'name: "x"'],
    ]) {
      const user = await server.newUser();
      const reply = await user.run(
        `mutation { ${field}(input: { ${input} }) { made: __typename ${field?.slice(6).toLowerCase()} { id } } }`,
      );
      expect([reply.code, reply.status], String(reply)).toEqual([code, 200]);
    }
    await server.sql('drop function vanish cascade');
  });
});
