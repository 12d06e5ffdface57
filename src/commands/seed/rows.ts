import { randomBytes } from 'node:crypto';
import type { EntityClass, EntityManager, RequiredEntityData } from '@mikro-orm/core';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { Label } from '../../labels/label.entity.ts';
import { TaskList } from '../../lists/list.entity.ts';
import { positionAt } from '../../records/positions.ts';
import { dueKeyOf } from '../../tasks/due/due.ts';
import { searchTextOf } from '../../tasks/reading/search-text.ts';
import { Task } from '../../tasks/task.entity.ts';
import { TaskLabel } from '../../tasks/task-label.entity.ts';
import { accountDays, type NameAndColor, type SampleList } from './sample-lists.ts';
import type { SampleTask } from './sample-task.ts';

/** The content of an account. Tasks refer to lists and labels by name; parents come before subtasks. */
interface Account {
  readonly userId: string;
  readonly lists: readonly SampleList[];
  readonly labels: readonly NameAndColor[];
  readonly tasks: readonly SampleTask[];
}

const day = 86_400_000;

// Limited, because a statement queues its foreign key checks in memory until its end.
const rowsPerStatement = 10_000;

/** Inserts rows of an entity, given as to `em.create`. As JSON, because a statement has at most 65,535 parameters. */
export async function insertRows<Entity extends object>(
  client: pg.Client,
  em: EntityManager,
  entity: EntityClass<Entity>,
  rows: readonly RequiredEntityData<Entity>[],
): Promise<void> {
  const { tableName, props } = em.getMetadata(entity);
  const isComputed = ({ onCreate, default: byDatabase }: (typeof props)[number]) =>
    onCreate && byDatabase === undefined;
  const given = props.filter((property) => isComputed(property) || property.name in (rows[0] ?? {}));
  // A reference is its owner's id and its own, and so are its columns.
  const columns = given.map(({ fieldNames }) => fieldNames.at(-1) ?? '');
  const stored = (row: Readonly<Record<string, unknown>>) => {
    const values = given.map(({ name, onCreate }) => [onCreate?.(row as Entity, em) ?? row[name]].flat().at(-1));
    return Object.fromEntries(columns.map((column, index) => [column, values[index]]));
  };
  const statement = `insert into "${tableName}" (${columns.join()})
    select ${columns.join()} from json_populate_recordset(null::"${tableName}", $1)`;
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await client.query(statement, [JSON.stringify(rows.slice(start, start + rowsPerStatement).map(stored))]);
  }
}

/** Inserts the content of accounts; their users must exist. @param now milliseconds since 1970 */
export async function insertAccounts(
  client: pg.Client,
  em: EntityManager,
  accounts: readonly Account[],
  now: number,
): Promise<void> {
  const draw = createRandomBytes();
  const rows = accounts.map((account) => {
    const lists = listRows(account, now, draw);
    const labels = labelRows(account, now, draw);
    return { lists, labels, ...taskRows(account, idsByName(lists), idsByName(labels), draw) };
  });
  const [lists, labels] = [rows.flatMap((row) => row.lists), rows.flatMap((row) => row.labels)];
  const [tasks, links] = [rows.flatMap((row) => row.tasks), rows.flatMap((row) => row.links)];
  await insertRows(client, em, TaskList, lists);
  await insertRows(client, em, Label, labels);
  await insertRows(client, em, Task, tasks);
  await insertRows(client, em, TaskLabel, links);
}

function listRows({ userId, lists }: Account, now: number, draw: () => Uint8Array) {
  return lists.map(({ name, color, made, archived }, index) => {
    const createdAt = now - made * day;
    const archivedAt = archived === null ? null : now - archived * day;
    return {
      user: userId,
      id: uuidv7({ msecs: createdAt, random: draw() }),
      name,
      color,
      position: positionAt(now - accountDays * day + index, draw()),
      archived: archivedAt !== null,
      version: archivedAt === null ? 1 : 2,
      createdAt: new Date(createdAt),
      updatedAt: new Date(archivedAt ?? createdAt),
    };
  });
}

function labelRows({ userId, labels }: Account, now: number, draw: () => Uint8Array) {
  const createdAt = now - accountDays * day;
  return labels.map(({ name, color }) => ({
    user: userId,
    id: uuidv7({ msecs: createdAt, random: draw() }),
    name,
    color,
    version: 1,
    createdAt: new Date(createdAt),
    updatedAt: new Date(createdAt),
  }));
}

type Ids = ReadonlyMap<string, string>;

const idsByName = (rows: readonly { name: string; id: string }[]): Ids =>
  new Map(rows.map(({ name, id }) => [name, id]));

function taskRows({ userId, tasks }: Account, lists: Ids, labels: Ids, draw: () => Uint8Array) {
  const ids = new Map<SampleTask, string>();
  const links: RequiredEntityData<TaskLabel>[] = [];
  const referTo = (id: string | null | undefined): [string, string] | null => (id ? [userId, id] : null);
  const rows = tasks.map((task) => {
    const { title, description, priority, version } = task;
    const due = { dueDate: task.due?.date ?? null, dueTime: task.due?.time ?? null, dueTimeZone: null, dueAt: null };
    const random = draw();
    // An id as of that time, so that the ids of new tasks come after it.
    const id = uuidv7({ msecs: task.createdAt, random });
    ids.set(task, id);
    const createdAt = new Date(task.createdAt);
    for (const name of task.labels) {
      const labelId = labels.get(name);
      if (labelId !== undefined) links.push({ user: userId, task: [userId, id], label: [userId, labelId], createdAt });
    }
    return {
      user: userId,
      id,
      list: referTo(lists.get(task.list ?? '')),
      parent: referTo(task.parent && ids.get(task.parent)),
      // The id uses the last ten bytes, the position the first six.
      position: positionAt(task.createdAt, random),
      title,
      description,
      searchText: searchTextOf(title, description),
      priority,
      ...due,
      dueKey: dueKeyOf(due, 'UTC'),
      version,
      createdAt,
      updatedAt: new Date(task.updatedAt),
      completedAt: task.completedAt === null ? null : new Date(task.completedAt),
      deletedAt: task.deletedAt === null ? null : new Date(task.deletedAt),
    };
  });
  return { tasks: rows, links };
}

/** 16 random bytes per call, from a pool: a system call for each would take a quarter of all time. */
function createRandomBytes(): () => Uint8Array {
  let pool = Buffer.alloc(0);
  return () => {
    if (pool.length === 0) pool = randomBytes(16 * 512);
    const bytes = pool.subarray(0, 16);
    pool = pool.subarray(16);
    return bytes;
  };
}
