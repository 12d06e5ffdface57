/** The sort key of titles: by code point, ignoring the case of ASCII letters; independent of PostgreSQL's locale. */
export const titleOrderKey = 'lower("title" collate "C")';

/** For one order of tasks outside the trash. */
export function orderIndex(name: string, key: string) {
  const expression = `create index "${name}" on "task" ("user_id", ${key}, "id") where "deleted_at" is null`;
  return { name, expression };
}

/** The sort keys of DUE, ascending and descending. */
export const [dueAscending, dueDescending] = ['infinity', '-infinity'].map(
  (last) => `coalesce("due_key", '${last}')`,
) as [string, string];

/** For a filter, newest first. */
export function newestIndex(name: string, columns: string, condition: string) {
  const where = `where "deleted_at" is null and ${condition}`.replace(' and true', '');
  return { name, expression: `create index "${name}" on "task" (${columns}, "created_at", "id") ${where}` };
}

/** Of tasks that meet a condition. */
export function taskIndex(name: string, columns: string, condition: string) {
  return { name, expression: `create index "${name}" on "task" (${columns}) where ${condition}` };
}
