import { type FieldProblem, inTrash, notFound, unknownId } from '../errors.ts';
import type { TaskState } from './task-states.ts';

/** The tasks of a mutation: one by `id`, perhaps with an expected version, or several by `ids`, all or none. */
export type Target =
  | { readonly id: string; readonly expectedVersion?: number | null }
  | { readonly ids: readonly string[] };

/** Each id once, in the order of the input. */
export function namedIds(target: Target): string[] {
  return [...new Set('ids' in target ? target.ids : [target.id])];
}

/** Errors: NOT_FOUND with every bad index. @param isBlocked whether the trash keeps a task from this change */
export function requireAll<State extends TaskState>(
  tasks: ReadonlyMap<string, State>,
  target: Target,
  isBlocked: (task: State) => boolean = () => false,
): void {
  const problems = pathsOf(target).flatMap(([id, path]) => {
    const task = tasks.get(id);
    if (!task) return [unknownId('task', path)];
    return isBlocked(task) ? [inTrash('task', path)] : [];
  });
  if (problems.length > 0) throw notFound(...problems);
}

/** Each id of a mutation, with its path in the input. */
function pathsOf(target: Target): (readonly [string, FieldProblem['path']])[] {
  if ('ids' in target) return target.ids.map((id, index) => [id, ['input', 'ids', index]]);
  return [[target.id, ['input', 'id']]];
}
