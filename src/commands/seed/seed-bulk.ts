import type { EntityManager } from '@mikro-orm/core';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { Passwords } from '../../auth/passwords/passwords.ts';
import type { Config } from '../../config.ts';
import { StartError } from '../../errors.ts';
import { commandLine } from '../../settings/command-line.ts';
import { User } from '../../users/user.entity.ts';
import { inTransaction, withDatabase } from '../command-database.ts';
import { showProgress } from '../progress.ts';
import { howToLogIn } from './how-to-log-in.ts';
import { createRandom, type Random } from './random.ts';
import { insertAccounts, insertRows } from './rows.ts';
import { accountDays, bulkLabels, bulkLists } from './sample-lists.ts';
import { type SampleTask, sampleSteps, sampleTask } from './sample-task.ts';
import { confirmForServer, seedPassword } from './seed.ts';

/** The number of accounts, and of tasks in each. */
export interface BulkSize {
  readonly users: number;
  readonly tasksPerUser: number;
}

// An arbitrary number; the same seed creates the same tasks.
const seedOfTasks = 4_000;

// Tasks in memory at a time; progress is shown after each batch.
const tasksAtOnce = 10_000;

/** Creates user1@example.com and so on with their tasks, all with the same password. @returns the exit code */
export async function seedBulk(config: Config, size: BulkSize, isAgreed: boolean): Promise<number> {
  const { users, tasksPerUser } = size;
  const range =
    users === 1 ? 'the account user1@example.com' : `the accounts user1@example.com to user${users}@example.com`;
  await confirmForServer(config, range, isAgreed);
  const startedAt = performance.now();
  const isServed = await withDatabase(config, async (database) => {
    // One hash for all accounts: bcrypt takes a fifth of a second, which would be minutes for a thousand accounts.
    const passwordHash = await new Passwords(config.bcryptCost, config.bcryptAtOnce).hash(seedPassword);
    await inTransaction(database, (...database) => addBulk(...database, size, passwordHash));
    return database.isServed;
  });
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  console.log(
    `Created ${range} with ${tasksPerUser.toLocaleString('en')} tasks each in ${bulkLists.length} lists, in ${seconds} s.\n` +
      `All of them share the password "${seedPassword}", and its hash.\n\n` +
      howToLogIn(config, isServed, 'user1@example.com', seedPassword),
  );
  return 0;
}

async function addBulk(
  client: pg.Client,
  em: EntityManager,
  { users, tasksPerUser }: BulkSize,
  passwordHash: string,
): Promise<void> {
  const now = Date.now();
  const createdAt = now - accountDays * 86_400_000;
  // Users, and then tasks, are inserted in the order of their ids, so that all indexes but one grow at their end.
  const ids = Array.from({ length: users }, (_, index) => uuidv7({ msecs: createdAt + index }));
  const shared = { passwordHash, createdAt: new Date(createdAt) };
  const accounts = ids.map((id, index) => ({ id, email: `user${index + 1}@example.com`, ...shared }));
  await insertRows(client, em, User, accounts).catch(explainTakenAddress);
  const progress = showProgress(users * tasksPerUser, 'tasks');
  const random = createRandom(seedOfTasks);
  const usersAtOnce = Math.ceil(tasksAtOnce / tasksPerUser);
  for (let start = 0; start < users; start += usersAtOnce) {
    const owned = ids.slice(start, start + usersAtOnce).map((userId) => ({
      userId,
      lists: bulkLists,
      labels: bulkLabels,
      tasks: bulkTasks(random, tasksPerUser, now),
    }));
    await insertAccounts(client, em, owned, now);
    progress((start + owned.length) * tasksPerUser);
  }
  // Otherwise the planner would assume empty tables until the next autovacuum.
  await client.query('analyze "user", task_list, label, task, task_label');
}

/** The tasks of one account, oldest first. One in ten has two or three subtasks. */
function bulkTasks(random: Random, count: number, now: number): SampleTask[] {
  const tasks: SampleTask[] = [];
  while (tasks.length < count) {
    const isWhole = random() < 0.1;
    const parts = isWhole ? Math.min(2 + Math.floor(random() * 2), count - tasks.length - 1) : 0;
    const task = sampleTask(random, now, parts);
    tasks.push(task, ...sampleSteps(random, now, task, parts));
  }
  return tasks.sort((a, b) => a.createdAt - b.createdAt);
}

function explainTakenAddress(error: unknown): never {
  if (!(error instanceof pg.DatabaseError && error.constraint === 'user_email_unique')) throw error;
  throw new StartError(
    'Some of these accounts already exist. Nothing was changed.\n' +
      `Use a database without them: ${commandLine('reset')} removes the local one.`,
  );
}
