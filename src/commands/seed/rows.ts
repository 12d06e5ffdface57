import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { positionAt } from '../../database/positions.ts';
import { nameKeyOf } from '../../labels/label.entity.ts';
import { searchTextOf } from '../../tasks/search-text.ts';
import { copyRows, type Row } from './copy.ts';
import { accountDays, type NameAndColor, type SampleList } from './sample-lists.ts';
import type { SampleTask } from './sample-task.ts';

/** An account to be stored; the time is milliseconds since 1970. */
interface SeedUser {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly createdAt: number;
}

/** An account with what it has. The tasks come parents first, and name lists and labels. */
interface Account {
  readonly userId: string;
  readonly lists: readonly SampleList[];
  readonly labels: readonly NameAndColor[];
  readonly tasks: readonly SampleTask[];
}

const day = 86_400_000;

export function copyUsers(client: pg.Client, users: readonly SeedUser[]): Promise<void> {
  const columns = ['id', 'email', 'password_hash', 'created_at'];
  const rows = users.map(({ id, email, passwordHash, createdAt }) => [id, email, passwordHash, instant(createdAt)]);
  return copyRows(client, 'user', columns, rows);
}

/** Stores what accounts have, whose users are there already. @param now milliseconds */
export async function copyAccounts(client: pg.Client, accounts: readonly Account[], now: number): Promise<void> {
  const draw = createRandomBytes();
  const ids = new Map(accounts.map((account) => [account, idsOf(account, now, draw)]));
  const rowsOf = (rows: (account: Account, ids: Ids) => Iterable<Row>) => rowsOfAll(ids, rows);
  await copyRows(
    client,
    'task_list',
    listColumns,
    rowsOf((account, { lists }) => listRows(account, lists, now, draw)),
  );
  await copyRows(
    client,
    'label',
    labelColumns,
    rowsOf((account, { labels }) => labelRows(account, labels, now)),
  );
  const links: Row[] = [];
  await copyRows(
    client,
    'task',
    taskColumns,
    rowsOf((account, of) => taskRows(account, of, draw, links)),
  );
  await copyRows(client, 'task_label', ['user_id', 'task_id', 'label_id', 'created_at'], links);
}

/** Ids by name. */
interface Ids {
  readonly lists: ReadonlyMap<string, string>;
  readonly labels: ReadonlyMap<string, string>;
}

function idsOf({ lists, labels }: Account, now: number, draw: () => Uint8Array): Ids {
  const idOf = (made: number) => uuidv7({ msecs: now - made * day, random: draw() });
  return {
    lists: new Map(lists.map(({ name, made }) => [name, idOf(made)])),
    labels: new Map(labels.map(({ name }) => [name, idOf(accountDays)])),
  };
}

/** Made one by one, while the database takes in the ones before. */
function* rowsOfAll(ids: ReadonlyMap<Account, Ids>, rows: (account: Account, ids: Ids) => Iterable<Row>) {
  for (const [account, of] of ids) yield* rows(account, of);
}

const listColumns = 'user_id,id,name,color,position,archived,version,created_at,updated_at'.split(',');

function listRows(
  { userId, lists }: Account,
  ids: ReadonlyMap<string, string>,
  now: number,
  draw: () => Uint8Array,
): Row[] {
  return lists.map(({ name, color, made, archived }, index) => {
    const [createdAt, archivedAt] = [now - made * day, archived === null ? null : now - archived * day];
    return [
      userId,
      ids.get(name) ?? null,
      name,
      color,
      // In the order in which they are named.
      positionAt(now - accountDays * day + index, draw()),
      String(archivedAt !== null),
      archivedAt === null ? 1 : 2,
      instant(createdAt),
      instant(archivedAt ?? createdAt),
    ];
  });
}

const labelColumns = 'user_id,id,name,name_key,color,version,created_at,updated_at'.split(',');

function labelRows({ userId, labels }: Account, ids: ReadonlyMap<string, string>, now: number): Row[] {
  const createdAt = instant(now - accountDays * day);
  return labels.map(({ name, color }) => [
    userId,
    ids.get(name) ?? null,
    name,
    nameKeyOf(name),
    color,
    1,
    createdAt,
    createdAt,
  ]);
}

const taskColumns =
  'user_id,id,list_id,parent_id,position,title,description,search_text,priority,due_date,due_time,due_key,version,created_at,updated_at,completed_at,deleted_at'.split(
    ',',
  );

/** @param links gets a row for each label of a task */
function* taskRows(
  { userId, tasks }: Account,
  { lists, labels }: Ids,
  draw: () => Uint8Array,
  links: Row[],
): Generator<Row> {
  const ids = new Map<SampleTask, string>();
  for (const task of tasks) {
    const random = draw();
    // As if it had been made at that time: the ids of new tasks come after it.
    const id = uuidv7({ msecs: task.createdAt, random });
    ids.set(task, id);
    for (const name of task.labels) {
      const labelId = labels.get(name);
      if (labelId !== undefined) links.push([userId, id, labelId, instant(task.createdAt)]);
    }
    yield [
      userId,
      id,
      lists.get(task.list ?? '') ?? null,
      task.parent && (ids.get(task.parent) ?? null),
      // Of other bytes than the id, which is made of the last ten.
      positionAt(task.createdAt, random),
      task.title,
      task.description,
      searchTextOf(task.title, task.description),
      task.priority,
      ...dueOf(task),
      task.version,
      instant(task.createdAt),
      instant(task.updatedAt),
      task.completedAt === null ? null : instant(task.completedAt),
      task.deletedAt === null ? null : instant(task.deletedAt),
    ];
  }
}

/** Day, time, and what they are sorted by, as dueKeyOf in src/tasks/due.ts makes it. */
function dueOf({ due }: SampleTask): Row {
  return due ? [due.date, due.time, `${due.date} ${due.time ?? '23:59:59.999'}`] : [null, null, null];
}

/** 16 bytes a call, drawn for many calls at once: a call of the system for each would be a quarter of all work. */
function createRandomBytes(): () => Uint8Array {
  let pool = Buffer.alloc(0);
  return () => {
    if (pool.length === 0) pool = randomBytes(16 * 512);
    const bytes = pool.subarray(0, 16);
    pool = pool.subarray(16);
    return bytes;
  };
}

function instant(time: number): string {
  return new Date(time).toISOString();
}
