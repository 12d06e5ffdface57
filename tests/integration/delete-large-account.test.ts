import pg from 'pg';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { Client } from '../support/client.ts';
import {
  deleteAccount,
  gone,
  idOf,
  loggingIn,
  makeLife,
  refreshing,
  tablesWith,
} from '../support/deletable-account.ts';
import { startServer, useServer } from '../support/server.ts';

const server = useServer();
/** Another instance on the same database. */
const second = useServer({
  get databaseUrl() {
    return server.databaseUrl;
  },
});
const me = '{ me { id } }';

describe('an account whose rows are still there is gone:', () => {
  let [holder, life]: [pg.Client?, Awaited<ReturnType<typeof makeLife>>?] = [];
  let user: Client;
  let rest: string[];

  beforeAll(async () => {
    life = await makeLife(server);
    user = life.user;
    const another = await server.newUser();
    await another.createTask();
    // As if very many dues were on their way to another zone.
    await server.sql('update "user" set due_keys_up_to = id where id = $1', [idOf(user)]);
    // Locked from outside, so that they stay.
    holder = new pg.Client({ connectionString: server.databaseUrl });
    await holder.connect();
    await holder.query('begin');
    await holder.query('select from task where user_id = any($1) for update', [[user, another].map(idOf)]);
    const answers = await Promise.all([user, another].map((each) => deleteAccount(each)));
    expect(answers.map(({ data }) => data)).toEqual([gone, gone]);
    rest = await tablesWith(server, [idOf(user)]);
  });
  afterAll(() => holder?.end());

  test('of what it was, no session, token, address or password is left', async () => {
    const removal = ['public_jobs.job', 'public_jobs.job_common'];
    const own = ['"user"', 'label', 'retired_id', 'security_event', 'task', 'task_label', 'task_list'];
    expect(rest.toSorted()).toEqual([...own, ...removal].toSorted());
    expect(await server.sql('select name, data from public_jobs.job where singleton_key = $1', [idOf(user)])).toEqual([
      { name: 'purge-user', data: { user: idOf(user) } },
    ]);
    expect(await tablesWith(server, [user.email])).toEqual([]);
    const row = 'select email, password_hash as hash, due_keys_up_to as "upTo" from "user" where id = $1';
    expect(await server.sql(row, [idOf(user)])).toEqual([{ email: '', hash: '', upTo: null }]);
  });

  test('its tokens, on every instance', async () => {
    for (const url of [server.url, second.url]) {
      for (const client of [user, life?.other ?? user]) expect((await client.at(url).run(me)).status).toBe(401);
      const refreshed = await server.client().at(url).run(refreshing, { token: life?.otherToken });
      expect(refreshed.code).toBe('INVALID_CREDENTIALS');
    }
  });

  test('a log-in to it is one to an unknown address, and so is one without an address', async () => {
    for (const email of [user.email, user.email.toUpperCase(), '']) {
      const before = server.logs().length;
      const known = await server.client().run(loggingIn, { email, password: user.password });
      const unknown = await server.client().run(loggingIn, { email: 'nobody@example.com', password: user.password });
      expect([known.code, known.error.message]).toEqual([unknown.code, unknown.error.message]);
      const failed = server
        .logs()
        .slice(before)
        .split('\n')
        .filter((line) => line.includes('LOGIN_FAILED'));
      expect(failed.map((line) => JSON.parse(line).userId)).toEqual([null, null]);
    }
  });

  test('its address is free, for as many accounts after one another as like', async () => {
    for (const email of [user.email.toUpperCase(), user.email]) {
      const next = await Client.signUp(server.url, email, 'battery staple');
      const counts = '{ tasks(filter: { trash: INCLUDE }) { totalCount } lists { totalCount } labels { totalCount } }';
      const none = { totalCount: 0 };
      expect((await next.run(counts)).data).toEqual({ tasks: none, lists: none, labels: none });
      expect((await next.run('query ($id: ID!) { node(id: $id) { id } }', { id: idOf(user) })).data.node).toBeNull();
      const again =
        'mutation ($email: String!) { signup(input: { email: $email, password: "x123456789" }) { expiresIn } }';
      expect((await server.client().run(again, { email })).code).toBe('CONFLICT');
      expect((await deleteAccount(next)).data).toEqual(gone);
    }
  });

  test('its rows go as soon as they can, and keep those of no other account waiting', async () => {
    expect(await tablesWith(server, [idOf(user)])).toEqual(rest);
    await holder?.query('rollback');
    // A deletion starts the job in its instance.
    expect((await deleteAccount(await server.newUser())).data).toEqual(gone);
    await expect.poll(() => tablesWith(server, [idOf(user)])).toEqual([]);
  });
});

test('an account of a thousand tasks is removed before it is answered, however deep they are', async () => {
  const { user } = await makeLife(server);
  await server.sql(
    `insert into task (user_id, id, parent_id, position, title, description, priority, version, created_at, updated_at)
     select $1::uuid, md5($1::text || n)::uuid, case when n % 5 > 0 then md5($1::text || (n - 1))::uuid end,
       'a' || n, 'x', '', 0, 1, now(), now() from generate_series(0, 999) n`,
    [idOf(user)],
  );
  for (const [table, columns, row] of [
    ['task_list', 'name, position, archived', "'x', 'b' || n, false"],
    ['label', 'name, name_key', "'x' || n, 'x' || n"],
  ]) {
    const text = `insert into ${table} (user_id, id, version, created_at, updated_at, ${columns})
      select $1::uuid, gen_random_uuid(), 1, now(), now(), ${row} from generate_series(1, 700) n`;
    await server.sql(text, [idOf(user)]);
  }
  expect((await deleteAccount(user)).data).toEqual(gone);
  expect(await tablesWith(server, [idOf(user)])).toEqual([]);
});

test('a list is removed without comparing its tasks with each other, where they are known as few', async () => {
  const [user, other] = [await server.newUser(), await server.newUser()];
  const listId = '01a1fd83-085f-7429-8acf-26a739617b03';
  const list = `insert into task_list
    (user_id, id, name, position, archived, version, created_at, updated_at, deleted_at, purged_at)
    values ($1, $2, 'large', 'V', false, 1, now(), now(), now(), now())`;
  await server.sql(list, [idOf(user), listId]);
  const addTasks = (owner: Client, list: string | null, count: number) =>
    server.sql(
      `insert into task (user_id, id, list_id, parent_id, position, title, description, priority, version, created_at, updated_at)
       select $1::uuid, md5($1::text || n)::uuid, $2::uuid, case when n % 5 > 0 then md5($1::text || (n - 1))::uuid end,
         'a' || n, 'x', '', 0, 1, now(), now() from generate_series(0, $3::int - 1) n`,
      [idOf(owner), list, count],
    );
  await addTasks(other, null, 10);
  for (const text of ['alter table task set (autovacuum_enabled = false)', 'analyze task']) await server.sql(text);
  await addTasks(user, listId, 5_000);
  const third = await startServer(server.databaseUrl);
  onTestFinished(() => third.stop());
  await expect.poll(() => server.sql('select from task_list where id = $1', [listId])).toEqual([]);
});
