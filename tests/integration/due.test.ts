import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const due = 'due { date time timeZone at }';
const operations = {
  create: `mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id version ${due} } } }`,
  update: `mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { task { id version updatedAt ${due} } } }`,
  updateMany: `mutation ($input: UpdateTasksInput!) { updateTasks(input: $input) { tasks { id version ${due} } } }`,
  updateMe: 'mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { id email timeZone } } }',
  list: `query ($filter: TaskFilter, $orderBy: TaskOrder) {
    tasks(filter: $filter, orderBy: $orderBy) { nodes { title } totalCount }
  }`,
};
const me = '{ me { id email timeZone } }';
const day = { date: '2026-03-29', time: null, timeZone: null, at: null };
const floating = { ...day, time: '02:30:00' };
const zoned = { ...floating, timeZone: 'Europe/Paris', at: '2026-03-29T01:30:00.000Z' };

async function create(user: Client, input: Record<string, unknown>) {
  return (await user.run(operations.create, { input: { title: 'x', ...input } })).data.createTask.task;
}

async function titles(user: Client, filter: Record<string, unknown>, direction = 'ASC'): Promise<string[]> {
  const { nodes, totalCount } = (await user.run(operations.list, { filter, orderBy: { field: 'DUE', direction } })).data
    .tasks;
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ title }: { title: string }) => title);
}

async function liveIn(user: Client, timeZone: string): Promise<void> {
  expect((await user.run(operations.updateMe, { input: { timeZone } })).data.updateMe.user.timeZone).toBe(timeZone);
}

describe('a due', () => {
  test.each([
    [{ date: '2026-03-29' }, day],
    [{ date: '2026-03-29', time: null, timeZone: null }, day],
    [{ date: '2026-03-29', time: '02:30' }, floating],
    [{ date: '2026-03-29', time: '02:30:00', timeZone: 'Europe/Paris' }, zoned],
    [
      { date: '2026-10-25', time: '02:30:15', timeZone: 'Europe/Paris' },
      { date: '2026-10-25', time: '02:30:15', timeZone: 'Europe/Paris', at: '2026-10-25T00:30:15.000Z' },
    ],
    [{ date: '0001-01-03' }, { ...day, date: '0001-01-03' }],
    [
      { date: '9999-12-29', time: '23:59:59', timeZone: 'Etc/GMT+12' },
      { date: '9999-12-29', time: '23:59:59', timeZone: 'Etc/GMT+12', at: '9999-12-30T11:59:59.000Z' },
    ],
  ])('%j is the same when a task is made, changed, changed with others and read', async (input, expected) => {
    const user = await server.newUser();
    const made = await create(user, { due: input });
    expect(made.due).toEqual(expected);
    const { id } = await create(user, {});
    expect((await user.run(operations.update, { input: { id, due: input } })).data.updateTask.task.due).toEqual(
      expected,
    );
    const other = await create(user, { labelIds: [], id: undefined });
    const bulk = await user.run(operations.updateMany, { input: { ids: [other.id], set: { due: input } } });
    expect(bulk.data.updateTasks.tasks[0].due).toEqual(expected);
    const read = await user.run(`{ tasks { nodes { ${due} } edges { node { ${due} } } } }`);
    expect(read.data.tasks.nodes).toEqual([{ due: expected }, { due: expected }, { due: expected }]);
    expect(read.data.tasks.edges[0]).toEqual({ node: { due: expected } });
  });

  test('is replaced as a whole, cleared by null, and left alone when left out', async () => {
    const user = await server.newUser();
    const { id } = await create(user, { due: { date: '2026-03-29', time: '02:30', timeZone: 'Europe/Paris' } });
    const change = async (input: Record<string, unknown>) =>
      (await user.run(operations.update, { input: { id, ...input } })).data.updateTask.task;
    expect(await change({ title: 'y' })).toMatchObject({ version: 2, due: zoned });
    expect(await change({ due: { date: '2026-03-30' } })).toMatchObject({
      version: 3,
      due: { ...day, date: '2026-03-30' },
    });
    expect(await change({ due: null })).toMatchObject({ version: 4, due: null });
    expect(await titles(user, { dueFrom: '0001-01-03' })).toEqual([]);
  });

  test.each([
    { date: '2026-03-29' },
    { date: '2026-03-29', time: '02:30' },
    { ...floating, at: undefined, timeZone: 'Asia/Tokyo' },
  ])('that is %j already changes neither version nor updatedAt', async (input) => {
    const user = await server.newUser();
    const { id } = await create(user, { due: input });
    const first = (await user.run(operations.update, { input: { id, title: 'y' } })).data.updateTask.task;
    const again = (await user.run(operations.update, { input: { id, due: input } })).data.updateTask.task;
    expect(again).toEqual(first);
  });

  const time = '09:30';
  const bad = 'INVALID_VALUE';
  test.each([
    [{ date: '2026-02-31' }, `due.date ${bad}`],
    [{ date: '2026-13-01' }, `due.date ${bad}`],
    [{ date: '0000-01-01' }, `due.date ${bad}`],
    [{ date: '10000-01-01' }, `due.date ${bad}`],
    [{ date: '2026-03-29T00:00:00Z' }, `due.date ${bad}`],
    [{ date: '2026-03-29', time: '24:00' }, `due.time ${bad}`],
    [{ date: '2026-03-29', time: '09:30Z' }, `due.time ${bad}`],
    [{ date: '2026-03-29', time, timeZone: 'Mars/Phobos' }, `due.timeZone ${bad}`],
    [{ date: '2026-03-29', time, timeZone: '+01:00' }, `due.timeZone ${bad}`],
    [{ date: '2026-03-29', time, timeZone: 'Europe/Paris\n' }, `due.timeZone ${bad}`],
    [{ date: '2026-03-29', timeZone: 'Europe/Paris' }, 'due.timeZone NEEDS_TIME'],
    [{ date: '0001-01-02' }, 'due.date OUT_OF_RANGE'],
    [{ date: '9999-12-31', time, timeZone: 'Pacific/Kiritimati' }, 'due.date OUT_OF_RANGE'],
  ])('%j is refused with its field named, and nothing changes', async (input, problem) => {
    const user = await server.newUser();
    const id = await user.createTask();
    const all = [
      [await user.run(operations.create, { input: { title: 'x', due: input } }), `input.${problem}`],
      [await user.run(operations.update, { input: { id, title: 'y', due: input } }), `input.${problem}`],
      [await user.run(operations.updateMany, { input: { ids: [id], set: { due: input } } }), `input.set.${problem}`],
    ] as const;
    // A value that is no day or time does not fit the schema: HTTP 400, and nothing is executed.
    for (const [reply, field] of all) {
      expect([reply.code, reply.fields], String(reply)).toEqual(['BAD_USER_INPUT', [field]]);
      expect(reply.status).toBe(/(date|time) INVALID/.test(problem) ? 400 : 200);
    }
    expect((await user.run(`{ tasks { nodes { id version ${due} } } }`)).data.tasks.nodes).toEqual([
      { id, version: 1, due: null },
    ]);
  });
});

describe('updateMe', () => {
  test('sets the time zone, and leaves it when left out', async () => {
    const user = await server.newUser();
    const before = (await user.run(me)).data.me;
    expect(before.timeZone).toBe('UTC');
    const after = (await user.run(operations.updateMe, { input: { timeZone: 'Asia/Kathmandu' } })).data.updateMe.user;
    expect(after).toEqual({ ...before, timeZone: 'Asia/Kathmandu' });
    expect((await user.run(operations.updateMe, { input: {} })).data.updateMe.user).toEqual(after);
    expect((await user.run(me)).data.me).toEqual(after);
  });

  test.each([
    ['Mars/Phobos', 'INVALID_VALUE'],
    ['+01:00', 'INVALID_VALUE'],
    ['', 'INVALID_VALUE'],
    [null, 'REQUIRED'],
  ])('refuses %j and names the field', async (timeZone, code) => {
    const user = await server.newUser();
    const reply = await user.run(operations.updateMe, { input: { timeZone } });
    expect([reply.code, reply.fields], String(reply)).toEqual(['BAD_USER_INPUT', [`input.timeZone ${code}`]]);
    expect((await user.run(me)).data.me.timeZone).toBe('UTC');
  });

  test('changes nobody else', async () => {
    const [user, other] = await Promise.all([server.newUser(), server.newUser()]);
    await create(other, { due: { date: '2026-01-01', time: '00:30', timeZone: 'UTC' } });
    await liveIn(user, 'America/New_York');
    expect((await other.run(me)).data.me.timeZone).toBe('UTC');
    expect(await titles(other, { dueFrom: '2026-01-01' })).toEqual(['x']);
  });

  test('needs a session', async () => {
    const reply = await server.client().run(operations.updateMe, { input: { timeZone: 'UTC' } });
    expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
  });
});

describe("in the viewer's zone", () => {
  let user: Client;

  beforeAll(async () => {
    user = await server.newUser();
    await create(user, { title: 'day', due: { date: '2026-01-10' } });
    await create(user, { title: 'floating', due: { date: '2026-01-10', time: '12:00' } });
    await create(user, { title: 'zoned', due: { date: '2026-01-10', time: '23:00', timeZone: 'UTC' } });
    await create(user, { title: 'undated' });
  });

  test.each([
    ['UTC', { '09': [], 10: ['floating', 'zoned', 'day'], 11: [] }],
    ['Asia/Tokyo', { '09': [], 10: ['floating', 'day'], 11: ['zoned'] }],
    ['America/Los_Angeles', { '09': [], 10: ['floating', 'zoned', 'day'], 11: [] }],
    ['Pacific/Kiritimati', { '09': [], 10: ['floating', 'day'], 11: ['zoned'] }],
  ])('days and floating times stay, a time in a zone is where its instant is: %s', async (zone, days) => {
    await liveIn(user, zone);
    for (const [date, expected] of Object.entries(days)) {
      const only = `2026-01-${date}`;
      expect(await titles(user, { dueFrom: only, dueTo: only }), only).toEqual(expected);
    }
    const sorted = Object.values(days).flat();
    expect(await titles(user, {})).toEqual([...sorted, 'undated']);
    expect(await titles(user, {}, 'DESC')).toEqual([...sorted.toReversed(), 'undated']);
  });
});

describe('overdue', () => {
  /** Day and time that the clocks of a zone show, some minutes from now. */
  function shownIn(zone: string, minutes: number) {
    const shown = new Date(Date.now() + minutes * 60_000).toLocaleString('sv-SE', { timeZone: zone });
    const [date, time] = shown.split(' ') as [string, string];
    return { date, time };
  }

  test.each(['UTC', 'Pacific/Kiritimati', 'Etc/GMT+12', 'Asia/Kathmandu'])(
    'is what is open and whose day, floating time or instant has passed in %s',
    async (zone) => {
      const user = await server.newUser();
      await liveIn(user, zone);
      const elsewhere = 'America/St_Johns';
      await create(user, { title: 'day before', due: { date: shownIn(zone, -1_440).date } });
      await create(user, { title: 'today', due: { date: shownIn(zone, 0).date } });
      await create(user, { title: 'floating before', due: shownIn(zone, -2) });
      await create(user, { title: 'floating after', due: shownIn(zone, 2) });
      await create(user, { title: 'zoned before', due: { ...shownIn(elsewhere, -3), timeZone: elsewhere } });
      await create(user, { title: 'zoned after', due: { ...shownIn(elsewhere, 3), timeZone: elsewhere } });
      await create(user, { title: 'undated' });
      const done = await create(user, { title: 'done', due: { date: '2020-01-01' } });
      await user.run('mutation ($id: ID!) { completeTask(input: { id: $id }) { task { id } } }', { id: done.id });
      const late = ['day before', 'zoned before', 'floating before'];
      // Right after midnight, three minutes ago was the day before too: which of the two comes first depends on the time.
      expect((await titles(user, { overdue: true })).toSorted()).toEqual(late.toSorted());
      const others = ['done', 'floating after', 'zoned after', 'today', 'undated'];
      expect((await titles(user, { overdue: false })).toSorted()).toEqual(others.toSorted());
      expect(await titles(user, { overdue: null })).toHaveLength(8);
    },
  );
});
