import type { ApolloCache, Reference } from '@apollo/client';
import type { TaskFilter, TaskOrder, TaskRowFragment } from '../../generated/graphql.ts';
import type { Pages } from '../../graphql/pages.ts';
import { readTask } from './read-task.ts';
import { matchesFilter } from './task-filters.ts';
import { compareTasks } from './task-order.ts';

/** The change of one task: its previous state, if it existed, and its new one. */
export interface Change {
  readonly before: TaskRowFragment | null;
  readonly after: TaskRowFragment;
  /** The sibling that it now follows; null: it is first; undefined: as sorted. */
  readonly afterId?: string | null;
}

/** Adds changed tasks to the cached lists that they now belong to, and removes them from the others. */
export function applyChange(cache: ApolloCache, change: Change, viewerZone: string): void {
  const place =
    (listId: string | null) =>
    (existing: unknown, { storeFieldName }: { storeFieldName: string }) => {
      const { filter, orderBy } = readArguments(storeFieldName);
      const whole = listId === null ? filter : { ...filter, listId };
      return placeIn(asPages(existing), change, { cache, filter: whole, orderBy, viewerZone });
    };
  cache.modify({ fields: { tasks: place(null) } });
  for (const listId of new Set([change.before?.list?.id, change.after.list?.id])) {
    if (!listId) continue;
    cache.modify({ id: `TaskList:${listId}`, fields: { tasks: place(listId) } });
  }
  placeAmongSubtasks(cache, change, viewerZone);
}

/** Moves changed tasks between the lists in the cache. */
export function applyChanges(
  cache: ApolloCache,
  before: readonly TaskRowFragment[],
  after: readonly TaskRowFragment[],
  timeZone: string,
): void {
  const known = new Map(before.map((task) => [task.id, task]));
  for (const task of after) applyChange(cache, { before: known.get(task.id) ?? null, after: task }, timeZone);
}

/** A connection from `pages`. It has no id, so that it is never a reference. */
const asPages = (value: unknown): Pages => value as Pages;

interface Rules {
  readonly cache: ApolloCache;
  readonly filter: TaskFilter;
  readonly orderBy?: TaskOrder | undefined;
  readonly viewerZone: string;
}

function placeAmongSubtasks(cache: ApolloCache, change: Change, viewerZone: string): void {
  for (const parentId of new Set([change.before?.parent?.id, change.after.parent?.id])) {
    if (!parentId) continue;
    const belongs = (task: TaskRowFragment | null) => task?.parent?.id === parentId && task.deletedAt === null;
    const difference = Number(belongs(change.after)) - Number(belongs(change.before));
    const orderBy = { field: 'POSITION', direction: 'ASC' } as const;
    const rules = { cache, filter: {}, orderBy, viewerZone };
    const place = (existing: unknown) =>
      putEdge(countChange(asPages(existing), difference), change, belongs(change.after), rules);
    cache.modify({ id: `Task:${parentId}`, fields: { subtasks: place } });
  }
}

function placeIn(existing: Pages, change: Change, rules: Rules): Pages {
  const was = change.before !== null && matchesFilter(rules.filter, change.before, rules.viewerZone) === true;
  const is = matchesFilter(rules.filter, change.after, rules.viewerZone);
  // Only the API can decide: leave the list unchanged.
  if (is === null) return existing;
  const counted = countChange(existing, Number(is) - Number(was));
  return putEdge(counted, change, is, rules);
}

function countChange(pages: Pages, difference: number): Pages {
  return pages.totalCount === undefined ? pages : { ...pages, totalCount: Math.max(0, pages.totalCount + difference) };
}

function putEdge(pages: Pages, { before, after, afterId }: Change, belongs: boolean, rules: Rules): Pages {
  if (!pages.edges) return pages;
  const reference = { __ref: `Task:${after.id}` };
  const others = pages.edges.filter(({ node }) => node.__ref !== reference.__ref);
  if (!belongs) return others.length === pages.edges.length ? pages : { ...pages, edges: others };
  const index = indexFor(others, after, afterId, rules);
  // A new task at the end comes with its page. A task that was already loaded is added, because its page may not be loaded
  // again; if it is, that corrects the order.
  if (before === null && index === others.length && pages.pageInfo?.hasNextPage) return { ...pages, edges: others };
  const edge = { __typename: 'TaskEdge', cursor: '', node: reference };
  return { ...pages, edges: others.toSpliced(index, 0, edge) };
}

function indexFor(
  others: readonly { node: Reference }[],
  task: TaskRowFragment,
  afterId: string | null | undefined,
  { cache, orderBy, viewerZone }: Rules,
): number {
  if (afterId !== undefined && orderBy?.field === 'POSITION') {
    if (afterId === null) return 0;
    const sibling = others.findIndex(({ node }) => node.__ref === `Task:${afterId}`);
    if (sibling >= 0) return sibling + 1;
  }
  const compare = compareTasks(orderBy, viewerZone);
  const index = others.findIndex(({ node }) => {
    const other = readTask(cache, node.__ref.slice('Task:'.length));
    return other !== null && compare(task, other) < 0;
  });
  return index < 0 ? others.length : index;
}

/** Parses `tasks:{"filter":…,"orderBy":…}`, the form of keyArgs. */
function readArguments(storeFieldName: string): { filter: TaskFilter; orderBy?: TaskOrder } {
  const text = storeFieldName.slice(storeFieldName.indexOf(':') + 1);
  const parsed = storeFieldName.includes(':') ? (JSON.parse(text) as { filter?: TaskFilter; orderBy?: TaskOrder }) : {};
  return { ...parsed, filter: parsed.filter ?? {} };
}
