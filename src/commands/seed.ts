import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { Passwords } from '../auth/passwords.ts';
import type { Config } from '../config.ts';
import { inTransaction, withDatabase } from './command-database.ts';
import { confirm } from './confirm.ts';
import { howToLogIn } from './how-to-log-in.ts';
import { historyDays, type MadeUpTask, makeUpTask } from './made-up-task.ts';
import { createRandom } from './random.ts';
import { copyTasks, copyUsers } from './seed-rows.ts';

const email = 'demo@example.com';
/** Of every account that seeding makes. Known to all the world, which is why a server's database is asked about first. */
export const seedPassword = 'demo-password';

const taskCount = 300;
// Any number: the same one makes the same tasks.
const seedOfTasks = 20_261_121;

/** Makes the demo account. Where it is there already, nothing changes: somebody may be working with it. @returns the exit code */
export async function seed(config: Config, isAgreed: boolean): Promise<number> {
  await confirmForServer(config, `the account ${email}`, isAgreed);
  const passwordHash = await new Passwords(config.bcryptCost).hash(seedPassword);
  const { existing, isServed } = await withDatabase(config, async (database) => ({
    existing: await inTransaction(database, (client) => addDemoAccount(client, passwordHash)),
    isServed: database.isServed,
  }));
  if (existing === null) console.log(`Made the account ${email} with ${taskCount} tasks, some of them in the trash.`);
  else console.log(`The account ${email} is there already, with ${existing.tasks} tasks. Nothing was changed.`);
  const hasOurPassword =
    existing === null || (await new Passwords(config.bcryptCost).matches(seedPassword, existing.hash));
  if (hasOurPassword) console.log(`\n${howToLogIn(config, isServed, email, seedPassword)}`);
  else console.log('Its password is not the one that seeding gives.');
  return 0;
}

/**
 * Asks before accounts with a known password get into the database of a server.
 * @throws StartError where the operator does not want that
 */
export async function confirmForServer(config: Config, things: string, isAgreed: boolean): Promise<void> {
  if (config.databaseUrl === null) return;
  const { host, pathname } = new URL(config.databaseUrl);
  const place = `${pathname.slice(1)} at ${host}`;
  await confirm(`This adds ${things} to the database ${place},\nwith a password that everybody can read up.`, isAgreed);
}

interface Existing {
  readonly hash: string;
  readonly tasks: number;
}

/** @returns what is there instead, where the address is taken */
async function addDemoAccount(client: pg.Client, passwordHash: string): Promise<Existing | null> {
  const now = Date.now();
  const { rows } = await client.query<Existing>(
    `select password_hash as hash, (select count(*)::int from task where user_id = "user".id) as tasks
     from "user" where lower(email collate "C") = $1`,
    [email],
  );
  if (rows[0]) return rows[0];
  const createdAt = now - (historyDays + 2) * 86_400_000;
  const user = { id: uuidv7({ msecs: createdAt }), email, passwordHash, createdAt };
  await copyUsers(client, [user]);
  await copyTasks(
    client,
    demoTasks(now).map((task) => ({ ...task, userId: user.id })),
  );
  return null;
}

/** The demo account's tasks, no title twice, as they come to be at this time (milliseconds). */
export function demoTasks(now: number): MadeUpTask[] {
  const random = createRandom(seedOfTasks);
  const byTitle = new Map<string, MadeUpTask>();
  while (byTitle.size < taskCount) {
    const task = makeUpTask(random, now);
    if (!byTitle.has(task.title)) byTitle.set(task.title, task);
  }
  return [...byTitle.values()];
}
