import { type FieldProblem, inTrash, noSuch, notFound } from '../errors.ts';
import type { TaskState } from './task-states.ts';

/** Which tasks a mutation is about: one by `id`, on a condition perhaps, or several by `ids`, all or none. */
export type Target =
  | { readonly id: string; readonly expectedVersion?: number | null }
  | { readonly ids: readonly string[] };

/** Each id once, in the order in which they are named. */
export function namedIds(target: Target): string[] {
  return [...new Set('ids' in target ? target.ids : [target.id])];
}

/** Errors: NOT_FOUND naming every bad index. @param isBlocked whether it cannot be changed so while it is in the trash */
export function requireAll<State extends TaskState>(
  tasks: ReadonlyMap<string, State>,
  target: Target,
  isBlocked: (task: State) => boolean = () => false,
): void {
  const problems = pathsOf(target).flatMap(([id, path]) => {
    const task = tasks.get(id);
    if (!task) return [noSuch('task', path)];
    return isBlocked(task) ? [inTrash('task', path)] : [];
  });
  if (problems.length > 0) throw notFound(...problems);
}

/** Each id that a mutation names, and where in the input it stands. */
function pathsOf(target: Target): (readonly [string, FieldProblem['path']])[] {
  if ('ids' in target) return target.ids.map((id, index) => [id, ['input', 'ids', index]]);
  return [[target.id, ['input', 'id']]];
}
