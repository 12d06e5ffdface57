import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const operations = {
  create: 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id due { at } } } }',
  list: 'mutation ($name: String!) { createList(input: { name: $name }) { list { id } } }',
  label: 'mutation ($name: String!) { createLabel(input: { name: $name }) { label { id } } }',
  archive: 'mutation ($id: ID!) { updateList(input: { id: $id, archived: true }) { list { id } } }',
  complete: 'mutation ($ids: [ID!]!) { completeTasks(input: { ids: $ids }) { tasks { id } } }',
  trash: 'mutation ($ids: [ID!]!) { deleteTasks(input: { ids: $ids }) { deletedIds } }',
  tasks:
    'query ($filter: TaskFilter, $first: Int) { tasks(filter: $filter, first: $first) { nodes { id } totalCount } }',
  ofList: `query ($list: ID!, $filter: TaskFilter) {
    list(id: $list) { tasks(first: 100, filter: $filter, orderBy: { field: TITLE, direction: ASC }) { nodes { id } } }
  }`,
};
const zone = 'America/St_Johns';
const madeUp = '01a1fd83-085f-7429-8acf-26a739617b03';

// ── Random tasks ──

const words = ['milk', 'Käse', 'ΜΗΛΟ', '牛奶', '100%', 'a_b', 'Straße'];
const someWords = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }).map((chosen) => chosen.join(' '));
const dates = ['2020-02-29', '2026-11-21', '2026-11-22', '2099-01-01', dayFromNow(-1), dayFromNow(0), dayFromNow(1)];
const due = fc.record({
  date: fc.constantFrom(...dates),
  time: fc.constantFrom('00:00:00', '00:15:00', '23:45:00'),
  timeZone: fc.constantFrom('UTC', 'Asia/Tokyo', 'Pacific/Kiritimati', zone),
});
const task = fc.record({
  title: someWords,
  description: fc.oneof(fc.constant(''), someWords),
  priority: fc.constantFrom('NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT'),
  due: fc.oneof(
    fc.constant(null),
    due,
    due.map(({ date }) => ({ date })),
    due.map(({ date, time }) => ({ date, time })),
  ),
  labels: fc.subarray([0, 1, 2]),
  list: fc.constantFrom(null, 0, 1, 2),
  isPart: fc.boolean(),
  isCompleted: fc.boolean(),
  isInTrash: fc.integer({ min: 0, max: 3 }).map((chance) => chance === 0),
});

interface Made {
  readonly id: string;
  readonly text: string;
  readonly priority: string;
  /** What the viewer's clocks show when its time is over, in milliseconds. */
  readonly until: number | null;
  readonly labelIds: readonly string[];
  readonly listId: string | null;
  readonly isPart: boolean;
  readonly isCompleted: boolean;
  readonly isInTrash: boolean;
}

function shownAt(instant: number): number {
  return Date.parse(`${new Date(instant).toLocaleString('sv-SE', { timeZone: zone }).replace(' ', 'T')}Z`);
}

function dayFromNow(days: number): string {
  return new Date(shownAt(Date.now()) + days * 86_400_000).toISOString().slice(0, 10);
}

let user: Client;
let listIds: string[];
let labelIds: string[];
let tasks: Made[];
const archived = 2;

async function make(made: typeof task extends fc.Arbitrary<infer Value> ? Value : never, parents: (string | null)[]) {
  const { title, description, priority, due, list, isPart, isCompleted, isInTrash } = made;
  const listId = list === null ? null : (listIds[list] ?? null);
  const input = {
    ...{ title, description, priority, due },
    ...(isPart ? { parentId: parents[list ?? 3] } : { listId }),
    labelIds: made.labels.map((label) => labelIds[label]),
  };
  const { id, due: stored } = (await user.run(operations.create, { input })).data.createTask.task;
  const floating: { date?: string; time?: string } = due ?? {};
  const ends = due && Date.parse(`${floating.date}T${floating.time ?? '23:59:59.999'}Z`);
  const until = stored?.at ? shownAt(Date.parse(stored.at)) : ends;
  const text = `${title}\n${description}`;
  return { id, text, priority, until, labelIds: input.labelIds, listId, isPart, isCompleted, isInTrash } as Made;
}

beforeAll(async () => {
  user = await server.newUser();
  await user.run(`mutation { updateMe(input: { timeZone: "${zone}" }) { user { id } } }`);
  const names = ['one', 'two', 'three'];
  const lists = await Promise.all(names.map((name) => user.run(operations.list, { name })));
  listIds = lists.map(({ data }) => data.createList.list.id);
  const labels = await Promise.all(names.map((name) => user.run(operations.label, { name })));
  labelIds = labels.map(({ data }) => data.createLabel.label.id);
  const plain = fc.sample(task, 4).map((made, list) => ({ ...made, list: ([0, 1, 2, null] as const)[list] ?? null }));
  const whole = await Promise.all(
    plain.map((made) => make({ ...made, isPart: false, isCompleted: false, isInTrash: false }, [])),
  );
  const ids = whole.map(({ id }) => id);
  tasks = [...whole, ...(await Promise.all(fc.sample(task, 80).map((made) => make(made, ids))))];
  const idsOf = (which: (made: Made) => boolean) => ({ ids: tasks.filter(which).map(({ id }) => id) });
  await user.run(
    operations.complete,
    idsOf(({ isCompleted }) => isCompleted),
  );
  await user.run(
    operations.trash,
    idsOf(({ isInTrash }) => isInTrash),
  );
  await user.run(operations.archive, { id: listIds[archived] });
});

// ── The filter, in memory ──

interface Filter {
  completed?: boolean | null;
  listId?: string | null;
  inbox?: boolean | null;
  labelIds?: string[] | null;
  priorities?: string[] | null;
  dueFrom?: string | null;
  dueTo?: string | null;
  overdue?: boolean | null;
  search?: string | null;
  topLevel?: boolean | null;
  trash?: string | null;
}

const fold = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss');
const startOf = (date: string) => Date.parse(`${date}T00:00:00Z`);

/** Each field: null lets everything through. */
const holds: { [Field in keyof Filter]-?: (made: Made, value: NonNullable<Filter[Field]>) => boolean } = {
  completed: ({ isCompleted }, value) => isCompleted === value,
  listId: ({ listId }, value) => listId === value,
  inbox: ({ listId }, value) => (listId === null) === value,
  labelIds: (made, value) => value.every((id) => made.labelIds.includes(id)),
  priorities: ({ priority }, value) => value.includes(priority),
  dueFrom: ({ until }, value) => until !== null && until >= startOf(value),
  dueTo: ({ until }, value) => until !== null && until < startOf(value) + 86_400_000,
  overdue: ({ until, isCompleted }, value) => (until !== null && !isCompleted && until < shownAt(Date.now())) === value,
  search: ({ text }, value) =>
    fold(value)
      .split(/\s+/)
      .every((word) => fold(text).includes(word)),
  topLevel: ({ isPart }, value) => !isPart === value,
  trash: ({ isInTrash }, value) => value === 'INCLUDE' || isInTrash === (value === 'ONLY'),
};

function expectedOf(filter: Filter): string[] {
  const given = Object.entries({ ...filter, trash: filter.trash ?? 'EXCLUDE' }).filter(([, value]) => value !== null);
  const isListed = (made: Made) =>
    filter.listId || filter.trash === 'ONLY' || made.listId === null || made.listId !== listIds[archived];
  const fits = (made: Made) => given.every(([field, value]) => holds[field as keyof Filter](made, value as never));
  return tasks
    .filter((made) => isListed(made) && fits(made))
    .map(({ id }) => id)
    .toSorted();
}

const date = fc.constantFrom(...dates, '2021-06-01', '0001-01-01', '9999-12-31');
const parts = ['mil', 'KASE', 'käse', 'μηλο', '奶', '%', '_', 'strasse', 'milk kase', '0% MILK', 'nothing', ''];
// Made when the lists and labels are there.
const filters = () =>
  ({
    completed: fc.boolean(),
    listId: fc.constantFrom(...listIds, madeUp),
    inbox: fc.boolean(),
    labelIds: fc.array(fc.constantFrom(...labelIds, ...labelIds, madeUp), { maxLength: 3 }),
    priorities: fc.uniqueArray(fc.constantFrom('NONE', 'LOW', 'MEDIUM', 'HIGH', 'URGENT'), { maxLength: 4 }),
    dueFrom: date,
    dueTo: date,
    overdue: fc.boolean(),
    search: fc.constantFrom(...parts),
    topLevel: fc.boolean(),
    trash: fc.constantFrom('EXCLUDE', 'ONLY', 'INCLUDE'),
  }) satisfies { [Field in keyof Filter]-?: fc.Arbitrary<NonNullable<Filter[Field]>> };

async function expectFiltered(filter: Filter): Promise<void> {
  const { nodes, totalCount } = (await user.run(operations.tasks, { filter, first: 100 })).data.tasks;
  const expected = expectedOf(filter);
  expect(nodes.map(({ id }: Made) => id).toSorted()).toEqual(expected);
  expect(totalCount).toBe(expected.length);
}

describe('a filter', () => {
  test.each(Object.keys(holds) as (keyof Filter)[])('by %s lets through what it says, null all', async (field) => {
    const values: fc.Arbitrary<unknown> = filters()[field];
    const property = fc.asyncProperty(fc.option(values), (value) => expectFiltered({ [field]: value } as Filter));
    await fc.assert(property, { numRuns: 15, interruptAfterTimeLimit: 2_000 });
  });

  test('of several fields lets through what all of them do', async () => {
    const some = fc.record(
      Object.fromEntries(Object.entries(filters()).map(([field, values]) => [field, fc.option<unknown>(values)])),
      { requiredKeys: [] },
    );
    // Few at once: with all of them there is hardly ever a task left.
    const few = some.filter((filter) => Object.values(filter).filter((value) => value !== null).length <= 4);
    const property = fc.asyncProperty(few, (filter) => expectFiltered(filter as Filter));
    await fc.assert(property, { numRuns: 150, interruptAfterTimeLimit: 4_000 });
  });

  test('filters the tasks of a list too', async () => {
    const { listId: _list, inbox: _inbox, ...others } = filters();
    const some = fc.record(
      Object.fromEntries(Object.entries(others).map(([field, values]) => [field, fc.option<unknown>(values)])),
      { requiredKeys: [] },
    );
    const property = fc.asyncProperty(some, fc.constantFrom(...listIds), async (filter, list) => {
      const { nodes } = (await user.run(operations.ofList, { list, filter })).data.list.tasks;
      expect(nodes.map(({ id }: Made) => id).toSorted()).toEqual(expectedOf({ ...(filter as Filter), listId: list }));
    });
    await fc.assert(property, { numRuns: 30, interruptAfterTimeLimit: 2_000 });
  });

  test.each([
    [{ dueFrom: '2026-02-31' }, 400, ['filter.dueFrom INVALID_VALUE']],
    [{ dueTo: '0000-01-01' }, 400, ['filter.dueTo INVALID_VALUE']],
    [{ listId: 'x' }, 200, ['filter.listId INVALID_ID']],
    [{ labelIds: [madeUp, 'x'] }, 200, ['filter.labelIds.1 INVALID_ID']],
    [{ labelIds: Array.from({ length: 51 }, () => madeUp) }, 200, ['filter.labelIds OUT_OF_RANGE']],
    [{ priorities: Array.from({ length: 51 }, () => 'LOW') }, 200, ['filter.priorities OUT_OF_RANGE']],
  ])('%# that makes no sense is refused with its field named', async (filter, status, problems) => {
    const reply = await user.run(operations.tasks, { filter });
    expect([reply.status, reply.code, reply.fields]).toEqual([status, 'BAD_USER_INPUT', problems]);
  });

  test('by the list or label of another user finds what a made-up one does', async () => {
    const stranger = await server.newUser();
    const nothing = { nodes: [], totalCount: 0 };
    for (const filter of [
      { listId: listIds[0] },
      { labelIds: [labelIds[0]] },
      { listId: madeUp },
      { labelIds: [madeUp] },
    ]) {
      expect((await stranger.run(operations.tasks, { filter })).data.tasks).toEqual(nothing);
    }
  });

  test('needs a session', async () => {
    const reply = await server.client().run(operations.tasks, { filter: { overdue: true } });
    expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
  });
});
