import type { ApolloClient } from '@apollo/client';
import {
  type MoveTasksInput,
  SubtaskPositionsDocument,
  type TaskRowFragment,
  TopLevelPositionsDocument,
} from '../../generated/graphql.ts';
import { loadPages } from '../queries/load-all.ts';

type Tasks = readonly TaskRowFragment[];

interface Sibling {
  readonly id: string;
  readonly position: string;
}

/** Consecutive tasks, and their location. */
export interface MoveBack {
  readonly tasks: Tasks;
  readonly target: Omit<MoveTasksInput, 'ids'>;
}

/** The moves that return tasks to their previous lists, parents and siblings. */
export async function movesBack(client: ApolloClient, tasks: Tasks): Promise<readonly MoveBack[]> {
  const groups = Map.groupBy(tasks, ({ list, parent }) => `${list?.id} ${parent?.id}`);
  const returns = await Promise.all([...groups.values()].map((group) => movesBackOfGroup(client, group)));
  return returns.flat();
}

async function movesBackOfGroup(client: ApolloClient, group: Tasks): Promise<readonly MoveBack[]> {
  const sorted = group.toSorted((a, b) => (a.position < b.position ? -1 : 1));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return [];
  const siblings = await siblingsUpTo(client, first, last.position);
  return movesBackAmong(sorted, siblings).map(({ tasks, target }) => {
    return { tasks, target: { listId: first.list?.id ?? null, parentId: first.parent?.id ?? null, ...target } };
  });
}

/**
 * Finds the previous place among the current siblings by position, even if neighbours have changed since.
 * @param siblings in order
 */
export function movesBackAmong(sorted: Tasks, siblings: readonly Sibling[]): readonly MoveBack[] {
  const moved = new Set(sorted.map(({ id }) => id));
  const others = siblings.filter(({ id }) => !moved.has(id));
  const before = (task: TaskRowFragment) => others.findLast(({ position }) => position < task.position)?.id ?? null;
  return [...Map.groupBy(sorted, before)].map(([afterId, tasks]) => {
    if (afterId !== null) return { tasks, target: { afterId } };
    const next = others[0];
    return { tasks, target: next ? { beforeId: next.id } : {} };
  });
}

/** All siblings up to this position, including completed ones. */
function siblingsUpTo(client: ApolloClient, { list, parent }: TaskRowFragment, position: string) {
  const isPast = (loaded: readonly Sibling[]) => (loaded.at(-1)?.position ?? '') > position;
  return loadPages<Sibling>(async (after) => {
    if (parent) {
      const variables = { id: parent.id, after };
      const { data } = await client.query({ query: SubtaskPositionsDocument, variables, fetchPolicy: 'no-cache' });
      return data?.task?.subtasks;
    }
    const filter = { topLevel: true, ...(list ? { listId: list.id } : { inbox: true }) };
    const variables = { filter, after };
    const { data } = await client.query({ query: TopLevelPositionsDocument, variables, fetchPolicy: 'no-cache' });
    return data?.tasks;
  }, isPast);
}
