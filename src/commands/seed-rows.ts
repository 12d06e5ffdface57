import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { copyRows, type Row } from './copy.ts';
import type { MadeUpTask } from './made-up-task.ts';

/** An account to be stored; the time is milliseconds since 1970. */
interface SeedUser {
  readonly id: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly createdAt: number;
}

const userColumns = ['id', 'email', 'password_hash', 'created_at'];

export function copyUsers(client: pg.Client, users: readonly SeedUser[]): Promise<void> {
  const rows = users.map(({ id, email, passwordHash, createdAt }) => [id, email, passwordHash, instant(createdAt)]);
  return copyRows(client, 'user', userColumns, rows);
}

/** A made-up task and whose it is. */
export type OwnedTask = MadeUpTask & { readonly userId: string };

const taskColumns = [
  'user_id',
  'id',
  'title',
  'description',
  'priority',
  'version',
  'created_at',
  'updated_at',
  'completed_at',
  'deleted_at',
];

export function copyTasks(client: pg.Client, tasks: Iterable<OwnedTask>): Promise<void> {
  return copyRows(client, 'task', taskColumns, taskRows(tasks));
}

/** Made one by one, while the database takes in the ones before. */
function* taskRows(tasks: Iterable<OwnedTask>): Generator<Row> {
  const draw = createRandomBytes();
  for (const task of tasks) yield taskRow(task, draw());
}

function taskRow(task: OwnedTask, random: Uint8Array): Row {
  return [
    task.userId,
    // As if it had been made at that time: the ids of new tasks come after it.
    uuidv7({ msecs: task.createdAt, random }),
    task.title,
    task.description,
    task.priority,
    task.version,
    instant(task.createdAt),
    instant(task.updatedAt),
    task.completedAt === null ? null : instant(task.completedAt),
    task.deletedAt === null ? null : instant(task.deletedAt),
  ];
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
