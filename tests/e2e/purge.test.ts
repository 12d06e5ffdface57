import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { type Program, test } from '../support/program.ts';

const hour = 3_600;

async function create(user: Client, input: object): Promise<string> {
  const operation = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
  return (await user.run(operation, { input: { title: 'task', ...input } })).data.createTask.task.id;
}

async function createList(user: Client): Promise<string> {
  return (await user.run('mutation { createList(input: { name: "list" }) { list { id } } }')).data.createList.list.id;
}

async function trash(user: Client, id: string): Promise<void> {
  expect(
    (await user.run('mutation ($id: ID!) { deleteTask(input: { id: $id }) { deletedIds } }', { id })).data,
  ).toBeTruthy();
}

async function trashList(user: Client, id: string): Promise<void> {
  expect(
    (await user.run('mutation ($id: ID!) { deleteList(input: { id: $id }) { list { id } } }', { id })).data,
  ).toBeTruthy();
}

/** Which of these are there. */
async function there(user: Client, ids: Record<string, string>): Promise<string[]> {
  const operation = 'query ($id: ID!) { node(id: $id) { id } }';
  const found = await Promise.all(
    Object.entries(ids).map(async ([name, id]) => ((await user.run(operation, { id })).data.node ? [name] : [])),
  );
  return found.flat();
}

/** Lets what is in the trash have been there for as long. */
async function age(url: string, ids: string[], seconds: number): Promise<void> {
  for (const table of ['task', 'task_list']) {
    const update = `update ${table} set deleted_at = now() - $2 * interval '1 second'
      where id = any($1::uuid[]) and deleted_at is not null`;
    await query(url, update, [ids, seconds]);
  }
}

/** Tasks in the trash, each with as many below it, of a user that is made for them. */
async function fillTrash(url: string, count: number): Promise<void> {
  const owner = randomUUID();
  await query(url, `insert into "user" (id, email, password_hash, created_at) values ($1, $2, '', now())`, [
    owner,
    `${owner}@example.com`,
  ]);
  const insert = (parent: string) => `insert into task
    (user_id, id, parent_id, position, title, description, priority, version, created_at, updated_at, deleted_at)
    select $1, gen_random_uuid(), ${parent}, 'c' || lpad(n::text, 8, '0') || 'V', 'old', '', 0, 1, now(), now(), now() - interval '2 days'`;
  await query(url, `${insert('null')} from generate_series(1, $2) as n`, [owner, count]);
  await query(
    url,
    `${insert('id')} from (select id, row_number() over () as n from task where user_id = $1) as above`,
    [owner],
  );
}

/** A list in the trash with chains of three tasks, and a label that is being removed, on all of them. */
async function fillList(url: string, owner: string, count: number): Promise<string> {
  const [listId, labelId] = [randomUUID(), randomUUID()];
  await query(
    url,
    `insert into task_list (user_id, id, name, position, archived, version, created_at, updated_at, deleted_at)
     values ($1, $2, 'large', 'V', false, 2, now(), now(), now() - interval '2 days')`,
    [owner, listId],
  );
  await query(
    url,
    `insert into label (user_id, id, name, name_key, version, created_at, updated_at, purged_at)
     values ($1, $2, 'large', 'large', 1, now(), now(), now())`,
    [owner, labelId],
  );
  const numbered = (n: string) => `md5($2 || ${n})::uuid`;
  await query(
    url,
    `insert into task (user_id, id, list_id, parent_id, position, title, description, priority, version, created_at, updated_at)
     select $1, ${numbered('n::text')}, $2::uuid, case when n % 3 > 0 then ${numbered('(n - 1)::text')} end, 'c' || lpad(n::text, 8, '0') || 'V',
       'in a list', '', 0, 1, now(), now() from generate_series(1, $3) n where n > 2`,
    [owner, listId, count + 2],
  );
  await query(
    url,
    `insert into task_label (user_id, task_id, label_id, created_at)
     select user_id, id, $2, created_at from task where list_id = $1`,
    [listId, labelId],
  );
  return listId;
}

/**
 * Makes each removal of tasks take so many seconds longer, so that a test on a busy machine comes in the middle of them.
 * @returns takes that back
 */
async function slowDown(url: string, seconds: number): Promise<() => Promise<unknown>> {
  const slow = `begin perform pg_sleep(${seconds}); return null; end`;
  await query(url, `create function slow_down() returns trigger language plpgsql as '${slow}'`);
  await query(url, 'create trigger slow before delete on task for each statement execute function slow_down()');
  return () => query(url, 'drop trigger slow on task');
}

const problems = (program: Program) =>
  `${program.stdout}\n${program.stderr}`.split('\n').filter((line) => /"level":[456]0/.test(line));

/** How many rows the program says that it changed with this message. */
function rowsOf(program: Program, message: string): number {
  const counts = [...program.stdout.matchAll(new RegExp(`"rows":(\\d+),"msg":"${message}"`, 'g'))];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

test('what has been in the trash for TRASH_RETENTION is gone after the start, and the rest is not', async ({
  start,
  settings,
}) => {
  const first = start(settings);
  const user = await Client.signUp(await first.url());
  const [listId, youngListId] = [await createList(user), await createList(user)];
  const top = await create(user, {});
  const below = await create(user, { parentId: top });
  const lowest = await create(user, { parentId: below });
  const inList = await create(user, { listId });
  const earlier = await create(user, { listId, parentId: inList });
  const [young, live, liveBelow] = [await create(user, {}), await create(user, {}), await create(user, {})];
  const oldBelow = await create(user, { parentId: live });
  const inYoungList = await create(user, { listId: youngListId });
  for (const id of [lowest, top, earlier, young, oldBelow]) await trash(user, id);
  for (const id of [listId, youngListId]) await trashList(user, id);
  const old = { listId, top, below, lowest, inList, earlier, oldBelow };
  const kept = { youngListId, young, live, liveBelow, inYoungList };
  await age(settings.DATABASE_URL, Object.values(old), 2 * hour + 1);
  await age(settings.DATABASE_URL, Object.values(kept), 2 * hour - 600);
  expect(await there(user, { ...old, ...kept })).toEqual(Object.keys({ ...old, ...kept }));
  await first.stop();

  const second = start({ ...settings, TRASH_RETENTION: '2h' });
  const again = new Client(await second.url(), user.token);
  await expect.poll(() => there(again, old)).toEqual([]);
  expect(await there(again, kept)).toEqual(Object.keys(kept));
  const reused = 'mutation ($id: ID!) { createTask(input: { id: $id, title: "again" }) { task { id } } }';
  expect((await again.run(reused, { id: top })).code).toBe('CONFLICT');
  const rows = () => [rowsOf(second, 'purged from the trash'), rowsOf(second, 'purged with their lists')];
  // Five tasks and the mark of the list; then the list with the task that went there with it.
  await expect.poll(rows).toEqual([6, 2]);
  expect(await second.stop()).toMatchObject({ code: 0, stderr: '' });
  expect(problems(second)).toEqual([]);
});

test('two instances that start at once purge everything once, and complain of nothing', async ({ start, settings }) => {
  await fillTrash(settings.DATABASE_URL, 2_500);
  const programs = [start({ ...settings, TRASH_RETENTION: '1d' }), start({ ...settings, TRASH_RETENTION: '1d' })];
  await Promise.all(programs.map((program) => program.url()));
  const left = () => query(settings.DATABASE_URL, 'select from task');
  await expect.poll(() => left()).toEqual([]);
  expect(await query(settings.DATABASE_URL, 'select from retired_id')).toHaveLength(5_000);
  for (const program of programs) expect(await program.stop()).toMatchObject({ code: 0, stderr: '' });
  expect(programs.flatMap(problems)).toEqual([]);
  expect(programs.reduce((sum, program) => sum + rowsOf(program, 'purged from the trash'), 0)).toBe(5_000);
});

test('a server that is purging stops after the batch in progress, and the next one goes on', async ({
  start,
  settings,
}) => {
  await fillTrash(settings.DATABASE_URL, 4_000);
  const speedUp = await slowDown(settings.DATABASE_URL, 0.5);
  const left = async () => Number((await query(settings.DATABASE_URL, 'select count(*) from task'))[0]?.count);
  const first = start({ ...settings, TRASH_RETENTION: '1d' });
  await first.url();
  expect(await first.stop()).toMatchObject({ code: 0, stderr: '' });
  expect(await left()).toBeGreaterThan(1_000);
  await speedUp();
  const second = start({ ...settings, TRASH_RETENTION: '1d' });
  await expect.poll(() => left()).toBe(0);
  expect(await second.stop()).toMatchObject({ code: 0, stderr: '' });
  expect([...problems(first), ...problems(second)]).toEqual([]);
});

test('a list and a label that are half removed by an instance that is killed are finished by the next', async ({
  start,
  settings,
}) => {
  const url = settings.DATABASE_URL;
  const first = start(settings);
  const user = await Client.signUp(await first.url());
  const kept = await create(user, { listId: await createList(user) });
  await first.stop();
  const [{ id: owner }] = (await query(url, 'select id from "user"')) as [{ id: string }];
  const listId = await fillList(url, owner, 6_000);
  const speedUp = await slowDown(url, 0.5);
  const count = async (what: string) => Number((await query(url, `select count(*) from ${what}`))[0]?.count);
  const ofList = `task where list_id = '${listId}'`;
  const second = start({ ...settings, TRASH_RETENTION: '1d' });
  await expect.poll(() => count(ofList), { interval: 5 }).toBeLessThan(6_000);
  await second.stop('SIGKILL');
  const left = await count(ofList);
  expect(left).toBeGreaterThan(0);
  await speedUp();
  // No row is gone without its id being kept.
  expect(await count(`retired_id where kind = 'task'`)).toBe(6_000 - left);

  const third = start({ ...settings, TRASH_RETENTION: '1d' });
  const again = new Client(await third.url(), user.token);
  expect(await there(again, { listId })).toEqual([]);
  const rest = () => Promise.all([count('task_list'), count('task'), count('task_label'), count('label')]);
  await expect.poll(() => rest()).toEqual([1, 1, 0, 0]);
  expect(await there(again, { kept })).toEqual(['kept']);
  const kinds = await query(
    url,
    `select kind, count(*)::int from retired_id where kind <> 'session' group by 1 order by 1`,
  );
  expect(kinds).toEqual([
    { kind: 'label', count: 1 },
    { kind: 'list', count: 1 },
    { kind: 'task', count: 6_000 },
  ]);
  expect(await third.stop()).toMatchObject({ code: 0, stderr: '' });
  expect(problems(third)).toEqual([]);
});

test('an account that is half removed by an instance that is killed is finished by others', async ({
  start,
  settings,
}) => {
  const url = settings.DATABASE_URL;
  const first = start(settings);
  const user = await Client.signUp(await first.url());
  const [{ id: owner }] = (await query(url, 'select id from "user"')) as [{ id: string }];
  const listId = await fillList(url, owner, 9_000);
  // Work for every other job as well, on the same rows.
  await query(url, `update task_list set purged_at = now() where id = $1`, [listId]);
  await query(url, `update task set deleted_at = now() - interval '2 days' where parent_id is not null`);
  const speedUp = await slowDown(url, 0.05);
  const remove = 'mutation ($password: String!) { deleteAccount(input: { password: $password }) { success } }';
  expect((await user.run(remove, { password: user.password })).data.deleteAccount).toEqual({ success: true });
  await first.stop('SIGKILL');
  const left = async () => Number((await query(url, 'select count(*) from task'))[0]?.count);
  expect(await left()).toBeGreaterThan(1_000);
  expect(await left()).toBeLessThan(9_000);
  await speedUp();

  const others = [1, 2].map(() => start({ ...settings, TRASH_RETENTION: '1d' }));
  const [next = ''] = await Promise.all(others.map((program) => program.url()));
  expect((await new Client(next, user.token).run('{ me { id } }')).status).toBe(401);
  const heir = await Client.signUp(next, user.email);
  for (const table of ['task', 'task_list', 'label', 'task_label', 'retired_id'])
    await expect.poll(() => query(url, `select from ${table}`)).toEqual([]);
  await expect.poll(() => query(url, 'select from "user"')).toHaveLength(1);
  expect((await heir.run('{ tasks { totalCount } }')).data.tasks).toEqual({ totalCount: 0 });
  for (const program of others) expect(await program.stop()).toMatchObject({ code: 0, stderr: '' });
  expect(others.flatMap(problems)).toEqual([]);
});
