import type { Client, Reply } from './client.ts';
import { createTask, type Location } from './tasks.ts';

/** A task, as returned by `load`. */
export interface State {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly position: string;
  readonly deletedAt: string | null;
  readonly list: { id: string } | null;
  readonly parent: { id: string } | null;
}

/** The selection of each mutation. */
const returned = {
  createTask: 'task { id }',
  createList: 'list { id }',
  moveTask: 'task { id }',
  deleteTask: 'task { id deletedAt } deletedIds',
  deleteTasks: 'tasks { id } deletedIds',
  restoreTask: 'task { id deletedAt } restoredIds',
  restoreTasks: 'tasks { id } restoredIds',
  purgeTask: 'purgedIds',
  deleteList: 'list { version deletedAt }',
  restoreList: 'list { version deletedAt }',
};
export type Change = keyof typeof returned;

export function attempt(user: Client, name: Change, input: object): Promise<Reply> {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
  return user.run(`mutation ($input: ${type}) { ${name}(input: $input) { ${returned[name]} } }`, { input });
}

export async function mutate(user: Client, name: Change, input: object) {
  return (await attempt(user, name, input)).data[name];
}

/** A task `a` with `b` and `d` below it, and `c` below `b`. */
export async function createTree(user: Client, location: Location = {}) {
  const a = await createTask(user, 'a', location);
  const b = await createTask(user, 'b', { parentId: a });
  return { a, b, c: await createTask(user, 'c', { parentId: b }), d: await createTask(user, 'd', { parentId: a }) };
}

export async function load(user: Client, ids: object): Promise<State[]> {
  const operation = `query ($id: ID!) {
    task(id: $id) { id title version position deletedAt list { id } parent { id } } }`;
  const read = async (id: string) => (await user.run(operation, { id })).data.task;
  return Promise.all(Object.values(ids).map(read));
}

/** The titles of the tasks that are not in the trash. */
export const live = (tasks: readonly State[]) =>
  tasks.reduce((titles, { title, deletedAt }) => titles + (deletedAt === null ? title : ''), '');

/** The same tasks, with versions increased by this number. */
export const later = (tasks: readonly State[], versions: number) =>
  tasks.map((task) => ({ ...task, version: task.version + versions }));
