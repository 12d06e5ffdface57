import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import { madeUp } from '../support/calls-by-id.ts';
import type { Client, Reply } from '../support/client.ts';
import { mutation } from '../support/input-mutation.ts';
import { useServer } from '../support/server.ts';
import { createList, createTask, titlesIn } from '../support/tasks.ts';
import { mutate } from '../support/trees.ts';

const server = useServer();
const fields = `id title description priority completed version createdAt updatedAt deletedAt position
  due { date time timeZone at } list { id } parent { id title } labels { name }`;

type Input = Record<string, unknown>;

function create(user: Client, tasks: readonly Input[], selection = fields): Promise<Reply> {
  const operation = `mutation ($input: CreateTasksInput!) { createTasks(input: $input) { tasks { ${selection} } } }`;
  return user.run(operation, { input: { tasks } });
}

async function created(user: Client, tasks: readonly Input[]) {
  return (await create(user, tasks)).data.createTasks.tasks;
}

async function createLabel(user: Client, name: string): Promise<string> {
  return (await user.run(...mutation('createLabel', { name }))).data.createLabel.label.id;
}

const countOf = async (user: Client): Promise<number> =>
  (await user.run('{ tasks(filter: { trash: INCLUDE }) { totalCount } }')).data.tasks.totalCount;
const outcomeOf = (reply: Reply) => [reply.status, reply.code, reply.fields, reply.partialData];
const refusal = (code: string, ...problems: string[]) => [200, code, problems, { createTasks: null }];
const named = (count: number, more: Input = {}) =>
  Array.from({ length: count }, (_, index) => ({ title: `task ${index}`, ...more }));

describe('createTasks', () => {
  test('creates tasks with everything that createTask takes, in their order after their siblings', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const labelIds = [await createLabel(user, 'b'), await createLabel(user, 'a')];
    await createTask(user, 'first');
    const full = {
      title: ' Full ',
      description: '# here',
      priority: 'HIGH',
      due: { date: '2026-12-24', time: '09:30', timeZone: 'Europe/Paris' },
      listId,
      labelIds: [...labelIds, labelIds[0]],
    };
    const tasks = await created(user, [{ title: 'one' }, full, { title: 'two', due: { date: '2026-12-25' } }]);
    expect(tasks).toMatchObject([
      { title: 'one', description: '', priority: 'NONE', due: null, list: null, parent: null, labels: [], version: 1 },
      {
        title: 'Full',
        description: '# here',
        priority: 'HIGH',
        completed: false,
        due: { ...full.due, time: '09:30:00', at: '2026-12-24T08:30:00.000Z' },
        list: { id: listId },
        labels: [{ name: 'a' }, { name: 'b' }],
        deletedAt: null,
      },
      { title: 'two', due: { date: '2026-12-25', time: null, timeZone: null, at: null } },
    ]);
    expect(await titlesIn(user)).toEqual(['first', 'one', 'two']);
    for (const [position, title] of [
      ['2026-12-24', 'Full'],
      ['2026-12-25', 'two'],
    ]) {
      const search = `{ tasks(filter: { dueFrom: "${position}", dueTo: "${position}" }) { nodes { title } } }`;
      expect((await user.run(search)).data.tasks.nodes).toEqual([{ title }]);
    }
    const found = '{ tasks(filter: { search: "here" }) { nodes { title } } }';
    expect((await user.run(found)).data.tasks.nodes).toEqual([{ title: 'Full' }]);
  });

  test('places subtasks below earlier tasks of the call and below others, in the list of their parents', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const [old, top, below] = [await createTask(user, 'old', { listId }), uuidv7(), uuidv7()];
    const tasks = await created(user, [
      { id: top, title: 'top', listId },
      { id: below, title: 'below', parentId: top.toUpperCase() },
      { title: 'lowest', parentId: below, listId },
      { title: 'second', parentId: top },
      { title: 'of the old one', parentId: old },
    ]);
    const list = { id: listId };
    expect(tasks).toMatchObject([
      { list, parent: null },
      { list, parent: { title: 'top' } },
      { list, parent: { title: 'below' } },
      { list, parent: { title: 'top' } },
      { list, parent: { title: 'old' } },
    ]);
    expect(await titlesIn(user, { listId })).toEqual(['old', 'top']);
    expect(await titlesIn(user, { parentId: top })).toEqual(['below', 'second']);
  });

  test('creates a hundred with all their fields within the limits, and no more', async () => {
    const user = await server.newUser();
    const labelIds = [await createLabel(user, 'a'), await createLabel(user, 'b')];
    const more = { description: 'text', priority: 'LOW', due: { date: '2026-12-24' }, labelIds };
    const hundred = named(100, more).map((task) => ({ ...task, id: uuidv7() }));
    const selection = `${fields} subtaskCounts { total completed }`;
    const tasks = (await create(user, hundred, selection)).data.createTasks.tasks;
    expect(tasks.map(({ id }: Input) => id)).toEqual(hundred.map(({ id }) => id));
    expect(await titlesIn(user)).toEqual(hundred.map(({ title }) => title));
    for (const tasks of [named(101), []]) {
      expect(outcomeOf(await create(user, tasks, 'id'))).toEqual(refusal('BAD_USER_INPUT', 'input.tasks OUT_OF_RANGE'));
    }
    expect(await countOf(user)).toBe(100);
  });

  test('needs a log-in', async () => {
    expect((await create(server.client(), [{ title: 'x' }])).status).toBe(401);
  });
});

describe('a call of createTasks that fails creates nothing, and names each bad index:', () => {
  test('rules of fields', async () => {
    const user = await server.newUser();
    const reply = await create(user, [
      { title: 'good' },
      { title: ' ' },
      { title: 'x', labelIds: [madeUp, 'x'], id: 'y' },
      { title: 'x', due: { date: '2026-12-24', time: '09:30', timeZone: 'Mars/Base' } },
    ]);
    expect(outcomeOf(reply)).toEqual(
      refusal(
        'BAD_USER_INPUT',
        'input.tasks.1.title TOO_SHORT',
        'input.tasks.2.id INVALID_ID',
        'input.tasks.2.labelIds.1 INVALID_ID',
        'input.tasks.3.due.timeZone INVALID_VALUE',
      ),
    );
    expect(reply.error.extensions.fields?.[0]?.path).toEqual(['input', 'tasks', 1, 'title']);
    expect(await countOf(user)).toBe(0);
  });

  test('ids that are given twice, and dues', async () => {
    const user = await server.newUser();
    const id = uuidv7();
    const reply = await create(user, [
      { id, title: 'x' },
      { id: id.toUpperCase(), title: 'x' },
      { title: 'x', due: { date: '2026-12-24', timeZone: 'Europe/Paris' } },
      { title: 'x', due: { date: '0001-01-01' } },
    ]);
    const problems = ['1.id DUPLICATE', '2.due.timeZone NEEDS_TIME', '3.due.date OUT_OF_RANGE'];
    expect(outcomeOf(reply)).toEqual(refusal('BAD_USER_INPUT', ...problems.map((each) => `input.tasks.${each}`)));
    expect(await countOf(user)).toBe(0);
  });

  test("lists, parents and labels that are gone, in the trash, another user's, or come later in the call", async () => {
    const [user, other] = [await server.newUser(), await server.newUser()];
    const [theirs, theirList] = [await createTask(other, 'theirs'), await createList(other)];
    const [trashed, trashedList] = [await createTask(user, 'trashed'), await createList(user)];
    const within = await createTask(user, 'within', { listId: trashedList });
    await mutate(user, 'deleteTask', { id: trashed });
    await mutate(user, 'deleteList', { id: trashedList });
    const [label, later, itself] = [await createLabel(user, 'mine'), uuidv7(), uuidv7()];
    const bad: [Input, string][] = [
      [{ listId: theirList }, 'listId NOT_FOUND'],
      [{ listId: trashedList }, 'listId IN_TRASH'],
      [{ parentId: theirs }, 'parentId NOT_FOUND'],
      [{ parentId: trashed }, 'parentId IN_TRASH'],
      [{ parentId: within }, 'parentId IN_TRASH'],
      [{ parentId: later }, 'parentId NOT_FOUND'],
      [{ id: itself, parentId: itself }, 'parentId NOT_FOUND'],
      [{ id: later, listId: madeUp }, 'listId NOT_FOUND'],
      // Its parent is bad, which says enough.
      [{ parentId: later }, ''],
      [{ labelIds: [label, madeUp] }, 'labelIds.1 NOT_FOUND'],
      [{ labelIds: [await createLabel(other, 'theirs')] }, 'labelIds.0 NOT_FOUND'],
    ];
    const reply = await create(user, [{ title: 'good' }, ...bad.map(([task]) => ({ title: 'x', ...task }))]);
    const expected = bad.flatMap(([, problem], index) => (problem ? `input.tasks.${index + 1}.${problem}` : []));
    expect([reply.code, reply.fields.toSorted()], String(reply)).toEqual(['NOT_FOUND', expected.toSorted()]);
    expect(await countOf(user)).toBe(2);
  });

  test('lists other than those of the parents', async () => {
    const user = await server.newUser();
    const [listId, top] = [await createList(user), uuidv7()];
    const old = await createTask(user, 'old', { listId });
    const reply = await create(user, [
      { id: top, title: 'top' },
      { title: 'x', parentId: top, listId },
      { title: 'x', parentId: old, listId },
      { title: 'x', parentId: old, listId: await createList(user) },
    ]);
    const problems = [1, 3].map((index) => `input.tasks.${index}.listId NOT_THE_PARENTS`);
    expect(outcomeOf(reply)).toEqual(refusal('BAD_USER_INPUT', ...problems));
    expect(await countOf(user)).toBe(1);
  });

  test('six levels, of which some may be there already', async () => {
    const user = await server.newUser();
    const line = (count: number, parentId?: string) => {
      const ids = Array.from({ length: count }, () => uuidv7());
      return ids.map((id, index) => ({ id, title: 'level', parentId: index === 0 ? parentId : ids[index - 1] }));
    };
    const problem = (index: number) => `input.tasks.${index}.parentId TOO_DEEP`;
    expect(outcomeOf(await create(user, line(7)))).toEqual(refusal('LIMIT_EXCEEDED', problem(6)));
    expect(await countOf(user)).toBe(0);
    const half = line(3);
    expect(await created(user, half)).toHaveLength(3);
    const rest = line(5, half[2]?.id);
    expect(outcomeOf(await create(user, rest))).toEqual(refusal('LIMIT_EXCEEDED', problem(3), problem(4)));
    expect(await created(user, rest.slice(0, 3))).toHaveLength(3);
    expect(await countOf(user)).toBe(6);
  });

  test('more than a thousand subtasks below one task on all levels, without those in the trash', async () => {
    const user = await server.newUser();
    const [top, trashed] = [await createTask(user, 'top'), uuidv7()];
    for (let call = 0; call < 9; call++) await created(user, named(100, { parentId: top }));
    await created(user, [{ id: trashed, title: 'trashed', parentId: top }]);
    await mutate(user, 'deleteTask', { id: trashed });
    const middle = uuidv7();
    const tasks = [{ id: middle, title: 'x', parentId: top }, ...named(97, { parentId: middle }), { title: 'other' }];
    expect(await created(user, tasks)).toHaveLength(99);
    const surplus = [{ title: 'x' }, ...named(4, { parentId: middle })];
    const problems = [3, 4].map((index) => `input.tasks.${index}.parentId TOO_MANY`);
    expect(outcomeOf(await create(user, surplus))).toEqual(refusal('LIMIT_EXCEEDED', ...problems));
    expect(await created(user, surplus.slice(0, 3))).toHaveLength(3);
    const { subtaskCounts } = (
      await user.run('query ($id: ID!) { task(id: $id) { subtaskCounts { total } } }', { id: top })
    ).data.task;
    expect(subtaskCounts).toEqual({ total: 901 });
  });
});
