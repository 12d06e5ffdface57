import { gql, InMemoryCache } from '@apollo/client';
import { expect, test } from 'vitest';
import {
  type TaskFilter,
  type TaskRowFragment,
  TaskRowFragmentDoc,
  TasksDocument,
} from '../../web/src/generated/graphql.ts';
import { joinPages, pagesPolicy } from '../../web/src/graphql/pages.ts';
import { gapAt } from '../../web/src/rows/gaps.ts';
import { applyChange } from '../../web/src/tasks/cache/cached-lists.ts';
import { matchesFilter } from '../../web/src/tasks/cache/task-filters.ts';
import { isTrashed } from '../../web/src/tasks/task.ts';

const task = (id: string, fields: Partial<TaskRowFragment> = {}): TaskRowFragment => ({
  __typename: 'Task',
  id,
  title: id,
  completed: false,
  completedAt: null,
  priority: 'NONE',
  due: null,
  list: null,
  parent: null,
  labels: [],
  subtaskCount: { __typename: 'TaskConnection', totalCount: 0 },
  position: id,
  version: 1,
  createdAt: '2026-11-21T08:00:00.000Z',
  updatedAt: '2026-11-21T08:00:00.000Z',
  deletedAt: null,
  ...fields,
});

const page = (ids: string, hasNextPage = false) => ({
  __typename: 'TaskConnection',
  edges: [...ids].map((id) => ({ __typename: 'TaskEdge', node: { __ref: `Task:${id}` } })),
  pageInfo: { hasNextPage, endCursor: ids.at(-1) ?? null },
});
const ids = (joined: ReturnType<typeof joinPages>) => joined.edges?.map(({ node }) => node.__ref.slice(5)).join('');

test('pages are joined, and none of their tasks is there twice', () => {
  expect(ids(joinPages(page('ab', true), page('cd'), true))).toBe('abcd');
  expect(ids(joinPages(page('abc', true), page('cd'), true))).toBe('abcd');
});

test('a first page that is asked for again keeps what was loaded after it', () => {
  const joined = joinPages(page('abcdef', true), page('xab', true), false);
  expect(ids(joined)).toBe('xabcdef');
  expect(joined.pageInfo?.endCursor).toBe('f');
});

test('a first page that is all there is leaves nothing else', () => {
  expect(ids(joinPages(page('abcd'), page('bd'), false))).toBe('bd');
});

test.for([false, true])('a count leaves the pages as they are (asked for again: %s)', (overwrite) => {
  const cache = new InMemoryCache({ typePolicies: { Task: { fields: { subtasks: pagesPolicy(false) } } } });
  const query = gql`{ task { id subtasks(first: 100) { edges { node { id } } } } }`;
  const subtasks = {
    __typename: 'TaskConnection',
    edges: [{ __typename: 'TaskEdge', node: { __typename: 'Task', id: 'b' } }],
  };
  cache.writeQuery({ query, data: { task: { __typename: 'Task', id: 'a', subtasks } } });
  const count = gql`{ task { id subtasks(first: 1) { totalCount } } }`;
  const counted = { __typename: 'TaskConnection', totalCount: 1 };
  cache.writeQuery({ query: count, data: { task: { __typename: 'Task', id: 'a', subtasks: counted } }, overwrite });
  expect(cache.readQuery({ query })).toMatchObject({ task: { subtasks } });
});

test('a task is in the lists whose filters it meets, as the API decides', () => {
  const due = {
    __typename: 'Due' as const,
    date: '2026-11-22',
    time: '02:30:00',
    timeZone: 'Europe/Paris',
    at: '2026-11-22T01:30:00.000Z',
  };
  const call = task('a', { due });
  const on = (day: string): TaskFilter => ({ dueFrom: day, dueTo: day });
  expect(matchesFilter(on('2026-11-22'), call, 'Europe/Paris')).toBe(true);
  expect(matchesFilter(on('2026-11-21'), call, 'America/St_Johns')).toBe(true);
  expect(matchesFilter({ trash: 'ONLY' }, call, 'UTC')).toBe(false);
  expect(matchesFilter({ completed: true }, call, 'UTC')).toBe(false);
  expect(matchesFilter({ inbox: true, topLevel: true }, call, 'UTC')).toBe(true);
  expect(matchesFilter({ search: 'a' }, call, 'UTC')).toBeNull();
});

test('a completed task leaves the list of open ones, and comes into that of done ones', () => {
  const cache = new InMemoryCache({
    typePolicies: { Query: { fields: { tasks: pagesPolicy(['filter', 'orderBy']) } } },
  });
  const order = { field: 'POSITION', direction: 'ASC' } as const;
  const open = { filter: { completed: false }, orderBy: order };
  const done = { filter: { completed: true }, orderBy: order };
  const write = (variables: typeof open, tasks: TaskRowFragment[]) =>
    cache.writeQuery({
      query: TasksDocument,
      variables,
      data: {
        __typename: 'Query',
        tasks: {
          __typename: 'TaskConnection',
          edges: tasks.map((node) => ({ __typename: 'TaskEdge' as const, node })),
          pageInfo: { __typename: 'PageInfo', hasNextPage: false, endCursor: null },
        },
      },
    });
  const read = (variables: typeof open) =>
    cache.readQuery({ query: TasksDocument, variables })?.tasks?.edges.map(({ node }) => node.id);
  write(open, [task('a'), task('b'), task('d')]);
  write(done, []);

  applyChange(cache, { before: task('b'), after: task('b', { completed: true }) }, 'UTC');
  applyChange(cache, { before: null, after: task('c') }, 'UTC');

  expect(read(open)).toEqual(['a', 'd']);
  cache.writeFragment({ id: 'Task:c', fragment: TaskRowFragmentDoc, fragmentName: 'TaskRow', data: task('c') });
  expect(read(open)).toEqual(['a', 'c', 'd']);
  expect(read(done)).toEqual(['b']);
});

test('a task that is moved lies between its new neighbours', () => {
  expect(gapAt(['a', 'b', 'c', 'd'], 'a', 2)).toEqual({ afterId: 'c', beforeId: 'd' });
  expect(gapAt(['a', 'b', 'c'], 'c', 1)).toEqual({ afterId: 'a', beforeId: 'b' });
  expect(gapAt(['a', 'b'], 'a', 1)).toEqual({ afterId: 'b', beforeId: null });
  for (const nowhere of [-1, 0, 2]) expect(gapAt(['a', 'b'], 'a', nowhere)).toBeNull();
});

test.each([
  [null, null, false],
  ['2026-11-21T08:00:00.000Z', null, true],
  [null, '2026-11-21T08:00:00.000Z', true],
])('a task deleted at %j, in a list deleted at %j, is in the trash: %j', (deletedAt, listDeletedAt, isThere) => {
  const list = { __typename: 'TaskList' as const, id: 'work', name: 'Work', color: null, deletedAt: listDeletedAt };
  const one = task('a', { deletedAt, list });
  expect(isTrashed(one)).toBe(isThere);
  expect(matchesFilter({ trash: 'ONLY' }, one, 'UTC')).toBe(isThere);
  expect(matchesFilter({}, one, 'UTC')).toBe(!isThere);
  expect(matchesFilter({ trash: 'INCLUDE' }, one, 'UTC')).toBe(true);
});
