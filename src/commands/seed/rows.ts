import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { nameKeyOf } from '../../labels/label.entity.ts';
import { positionAt } from '../../records/positions.ts';
import { searchTextOf } from '../../tasks/reading/search-text.ts';
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

/** Inserts rows, which have properties named like the columns. As JSON, because a statement has at most 65,535 parameters. */
export async function insertRows(client: pg.Client, table: string, rows: readonly object[]): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(', ');
  const statement = `insert into "${table}" (${columns})
    select ${columns} from json_populate_recordset(null::"${table}", $1)`;
  for (let start = 0; start < rows.length; start += rowsPerStatement) {
    await client.query(statement, [JSON.stringify(rows.slice(start, start + rowsPerStatement))]);
  }
}

/** Inserts the content of accounts; their users must exist. @param now milliseconds since 1970 */
export async function insertAccounts(client: pg.Client, accounts: readonly Account[], now: number): Promise<void> {
  const draw = createRandomBytes();
  const rows = accounts.map((account) => {
    const lists = listRows(account, now, draw);
    const labels = labelRows(account, now, draw);
    return { lists, labels, ...taskRows(account, idsByName(lists), idsByName(labels), draw) };
  });
  const tables = {
    task_list: rows.flatMap(({ lists }) => lists),
    label: rows.flatMap(({ labels }) => labels),
    task: rows.flatMap(({ tasks }) => tasks),
    task_label: rows.flatMap(({ links }) => links),
  };
  for (const [table, all] of Object.entries(tables)) await insertRows(client, table, all);
}

function listRows({ userId, lists }: Account, now: number, draw: () => Uint8Array) {
  return lists.map(({ name, color, made, archived }, index) => {
    const createdAt = now - made * day;
    const archivedAt = archived === null ? null : now - archived * day;
    return {
      user_id: userId,
      id: uuidv7({ msecs: createdAt, random: draw() }),
      name,
      color,
      position: positionAt(now - accountDays * day + index, draw()),
      archived: archivedAt !== null,
      version: archivedAt === null ? 1 : 2,
      created_at: new Date(createdAt),
      updated_at: new Date(archivedAt ?? createdAt),
    };
  });
}

function labelRows({ userId, labels }: Account, now: number, draw: () => Uint8Array) {
  const createdAt = now - accountDays * day;
  return labels.map(({ name, color }) => ({
    user_id: userId,
    id: uuidv7({ msecs: createdAt, random: draw() }),
    name,
    name_key: nameKeyOf({ name }),
    color,
    version: 1,
    created_at: new Date(createdAt),
    updated_at: new Date(createdAt),
  }));
}

type Ids = ReadonlyMap<string, string>;

const idsByName = (rows: readonly { name: string; id: string }[]): Ids =>
  new Map(rows.map(({ name, id }) => [name, id]));

function taskRows({ userId, tasks }: Account, lists: Ids, labels: Ids, draw: () => Uint8Array) {
  const ids = new Map<SampleTask, string>();
  const links: object[] = [];
  const rows = tasks.map((task) => {
    const { title, description, priority, due, version } = task;
    const random = draw();
    // An id as of that time, so that the ids of new tasks come after it.
    const id = uuidv7({ msecs: task.createdAt, random });
    ids.set(task, id);
    const createdAt = new Date(task.createdAt);
    for (const name of task.labels) {
      const labelId = labels.get(name);
      if (labelId !== undefined) links.push({ user_id: userId, task_id: id, label_id: labelId, created_at: createdAt });
    }
    return {
      user_id: userId,
      id,
      list_id: lists.get(task.list ?? ''),
      parent_id: task.parent && ids.get(task.parent),
      // The id uses the last ten bytes, the position the first six.
      position: positionAt(task.createdAt, random),
      title,
      description,
      search_text: searchTextOf(title, description),
      priority,
      due_date: due?.date,
      due_time: due?.time,
      // Like dueKeyOf in src/tasks/due/due.ts.
      due_key: due && `${due.date} ${due.time ?? '23:59:59.999'}`,
      version,
      created_at: createdAt,
      updated_at: new Date(task.updatedAt),
      completed_at: task.completedAt && new Date(task.completedAt),
      deleted_at: task.deletedAt && new Date(task.deletedAt),
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
