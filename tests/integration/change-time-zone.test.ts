import pg from 'pg';
import { expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { addZonedDues, countWrongKeys } from '../support/zoned-dues.ts';

const server = useServer();

const operations = {
  updateMe: 'mutation ($zone: TimeZone!) { updateMe(input: { timeZone: $zone }) { user { timeZone } } }',
  list: `query ($filter: TaskFilter) {
    tasks(filter: $filter, first: 100, orderBy: { field: DUE, direction: ASC }) { totalCount nodes { title } }
  }`,
  create: 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }',
  update: 'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { task { id } } }',
};

async function liveIn(user: Client, zone: string): Promise<void> {
  expect((await user.run(operations.updateMe, { zone })).data.updateMe.user.timeZone).toBe(zone);
}

async function find(user: Client, filter: Record<string, unknown>): Promise<{ count: number; titles: string[] }> {
  const { totalCount, nodes } = (await user.run(operations.list, { filter })).data.tasks;
  return { count: totalCount, titles: nodes.map(({ title }: { title: string }) => title).toSorted() };
}

async function isMoving(user: Client): Promise<boolean> {
  const [row] = await server.sql('select due_keys_up_to from "user" where email = $1', [user.email]);
  return row?.due_keys_up_to !== null;
}

async function expectInLine(user: Client): Promise<void> {
  await expect.poll(() => isMoving(user)).toBe(false);
  expect(await countWrongKeys(server.sql, user.email)).toBe(0);
}

/** Locks a task that is far behind in the order of ids, so that what comes to it waits. @returns lets go */
async function holdLastOf(user: Client): Promise<() => Promise<void>> {
  const outside = new pg.Client({ connectionString: server.databaseUrl });
  await outside.connect();
  await outside.query('begin');
  await outside.query(
    `select from task where id = (select task.id from task join "user" on "user".id = task.user_id
       where email = $1 order by task.id desc limit 1) for update of task`,
    [user.email],
  );
  return () => outside.end();
}

/** How many connections wait for a lock. */
async function countWaiting(): Promise<number> {
  const waiting = `select count(*)::int from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  return (await server.sql<{ count: number }>(waiting))[0]?.count ?? 0;
}

test('with a thousand dues at instants, one moves at once', async () => {
  const user = await server.newUser();
  await addZonedDues(server.sql, user.email, 999);
  await liveIn(user, 'Asia/Kathmandu');
  expect(await isMoving(user)).toBe(false);
  expect(await countWrongKeys(server.sql, user.email)).toBe(0);
});

test.each([1_000, 2_000, 2_500])('with %i, the zone is set at once and the dues follow', async (count) => {
  const user = await server.newUser();
  await addZonedDues(server.sql, user.email, count);
  await liveIn(user, 'America/St_Johns');
  expect((await user.run('{ me { timeZone } }')).data.me.timeZone).toBe('America/St_Johns');
  await expectInLine(user);
});

test('until they have followed, filters count them by their instants, in the new zone', async () => {
  const user = await server.newUser();
  const other = await server.newUser();
  await addZonedDues(server.sql, user.email, 2_100);
  await addZonedDues(server.sql, other.email, 1_100);
  for (const due of [{ date: '2026-01-03' }, { date: '2026-01-03', time: '00:30' }, { date: '2999-01-03' }]) {
    await user.run(operations.create, { input: { title: JSON.stringify(due), due } });
  }
  const release = await holdLastOf(user);
  try {
    // As far from one another as zones are.
    await liveIn(user, 'Pacific/Kiritimati');
    const hours = (from: number) => Array.from({ length: 24 }, (_, hour) => String(from + hour));
    const floating = ['{"date":"2026-01-03"}', '{"date":"2026-01-03","time":"00:30"}'];
    for (const day of ['2026-01-02', '2026-01-03', '2026-01-04', '2026-03-20']) {
      const start = Math.round((Date.parse(`${day}T00:00:00Z`) - Date.UTC(2026, 0, 1)) / 3_600_000) - 14;
      const titles = [...hours(start), ...(day === '2026-01-03' ? floating : [])].toSorted();
      expect(await find(user, { dueFrom: day, dueTo: day }), day).toEqual({ count: titles.length, titles });
    }
    expect((await find(user, { dueFrom: '2026-01-04' })).count).toBe(2_100 - 58 + 1);
    expect((await find(user, { dueTo: '2026-01-03' })).count).toBe(58 + 2);
    expect(await find(user, { overdue: true, dueTo: '2026-01-03' })).toMatchObject({ count: 60 });
    expect((await find(user, { overdue: false, dueTo: '2026-01-03' })).count).toBe(0);
    expect((await find(user, { dueFrom: '0001-01-01', dueTo: '9999-12-31' })).count).toBe(2_103);
    expect(await isMoving(user)).toBe(true);
    // Nobody else waits.
    await liveIn(other, 'Asia/Tokyo');
  } finally {
    await release();
  }
  await expectInLine(user);
  await expectInLine(other);
  expect((await find(user, { dueFrom: '2026-01-03', dueTo: '2026-01-03' })).count).toBe(26);
});

test('moved on meanwhile, and with dues made, changed and cleared meanwhile, all are right in the end', async () => {
  const user = await server.newUser();
  await addZonedDues(server.sql, user.email, 2_300);
  const tasks = await server.sql<{ id: string }>(
    'select task.id from task join "user" on "user".id = user_id where email = $1 order by task.id',
    [user.email],
  );
  const due = { date: '2026-05-05', time: '23:30', timeZone: 'Europe/Paris' };
  const inputs = [due, { date: '2026-05-05' }, null];
  const release = await holdLastOf(user);
  try {
    await liveIn(user, 'Asia/Tokyo');
    // The first task is moved by now, the others are not.
    const changes = [0, 1_200, 1_201, 1_202].map((at, n) =>
      user.run(operations.update, { input: { id: tasks[at]?.id, due: inputs[n % inputs.length] } }),
    );
    const creates = inputs.map((due) => user.run(operations.create, { input: { title: 'made meanwhile', due } }));
    const move = user.run(operations.updateMe, { zone: 'America/Los_Angeles' });
    // Either it waits for the dues that are being moved, or it need not.
    let hasMoved = false;
    void move.then(() => {
      hasMoved = true;
    });
    await expect.poll(async () => hasMoved || (await countWaiting()) > 1).toBe(true);
    await release();
    for (const reply of await Promise.all([...changes, ...creates, move])) expect(reply.data).toBeDefined();
  } finally {
    await release();
  }
  await expectInLine(user);
});
