import type { TaskRowFragment } from '../generated/graphql.ts';

/** “Buy milk”, "3 tasks", or "100 of 250 tasks" where more were meant. */
export function nameTasks(tasks: readonly TaskRowFragment[], meant = tasks): string {
  const [only] = tasks;
  if (tasks.length < meant.length) return `${tasks.length} of ${meant.length} tasks`;
  if (tasks.length !== 1 || !only) return `${tasks.length} tasks`;
  const characters = Array.from(only.title);
  return characters.length > 40 ? `“${characters.slice(0, 38).join('').trimEnd()}…”` : `“${only.title}”`;
}
