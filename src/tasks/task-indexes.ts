/** What titles are sorted by: code points, ASCII letters folded, the same on every PostgreSQL whatever its locale. */
export const titleOrderKey = 'lower("title" collate "C")';

/** For one order of what is not in the trash. */
export function orderIndex(name: string, key: string) {
  const expression = `create index "${name}" on "task" ("user_id", ${key}, "id") where "deleted_at" is null`;
  return { name, expression };
}

/** What DUE sorts by, upwards and downwards. */
export const [dueAscending, dueDescending] = ['infinity', '-infinity'].map(
  (last) => `coalesce("due_key", '${last}')`,
) as [string, string];

/** For the newest of those that a filter picks. */
export function newestIndex(name: string, columns: string, condition: string) {
  const where = `where "deleted_at" is null and ${condition}`.replace(' and true', '');
  return { name, expression: `create index "${name}" on "task" (${columns}, "created_at", "id") ${where}` };
}

/** Of tasks that meet a condition. */
export function taskIndex(name: string, columns: string, condition: string) {
  return { name, expression: `create index "${name}" on "task" (${columns}) where ${condition}` };
}
