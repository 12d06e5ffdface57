import type { EntityManager } from '@mikro-orm/core';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { Passwords } from '../../auth/passwords/passwords.ts';
import type { Config } from '../../config.ts';
import { User } from '../../users/user.entity.ts';
import { inTransaction, withDatabase } from '../command-database.ts';
import { confirm } from '../confirm.ts';
import { demoTasks, taskCount } from './demo-tasks.ts';
import { howToLogIn } from './how-to-log-in.ts';
import { insertAccounts, insertRows } from './rows.ts';
import { accountDays, demoLabels, demoLists } from './sample-lists.ts';

const email = 'demo@example.com';
/** The password of all seeded accounts. It is publicly known: see confirmForServer. */
export const seedPassword = 'demo-password';

const created = `Created the account ${email} with ${taskCount} tasks, some of them subtasks and some in the trash, in \
${demoLists.length} lists and the inbox, with ${demoLabels.length} labels.`;

/** Creates the demo account. An existing one stays unchanged, since it may be in use. @returns the exit code */
export async function seed(config: Config, isAgreed: boolean): Promise<number> {
  await confirmForServer(config, `the account ${email}`, isAgreed);
  const passwords = new Passwords(config.bcryptCost, config.bcryptAtOnce);
  const passwordHash = await passwords.hash(seedPassword);
  const { existing, isServed } = await withDatabase(config, async (database) => ({
    existing: await inTransaction(database, (...database) => addDemoAccount(...database, passwordHash)),
    isServed: database.isServed,
  }));
  if (existing === null) console.log(created);
  else console.log(`The account ${email} already exists, with ${existing.tasks} tasks. Nothing was changed.`);
  const hasOurPassword = existing === null || (await passwords.matches(seedPassword, existing.hash));
  if (hasOurPassword) console.log(`\n${howToLogIn(config, isServed, email, seedPassword)}`);
  else console.log('Its password is not the one that seeding sets.');
  return 0;
}

/** Asks before it adds accounts with a publicly known password to the database of a server. @throws StartError */
export async function confirmForServer(config: Config, things: string, isAgreed: boolean): Promise<void> {
  if (config.databaseUrl === null) return;
  const { host, pathname } = new URL(config.databaseUrl);
  const database = `${pathname.slice(1)} at ${host}`;
  await confirm(`This adds ${things} to the database ${database},\nwith a publicly known password.`, isAgreed);
}

/** @returns the account that already has the address, or null */
async function addDemoAccount(client: pg.Client, em: EntityManager, passwordHash: string) {
  const now = Date.now();
  const { rows } = await client.query<{ hash: string; tasks: number }>(
    `select password_hash as hash, (select count(*)::int from task where user_id = "user".id) as tasks
     from "user" where lower(email collate "C") = $1`,
    [email],
  );
  if (rows[0]) return rows[0];
  const createdAt = now - accountDays * 86_400_000;
  const id = uuidv7({ msecs: createdAt });
  await insertRows(client, em, User, [{ id, email, passwordHash, createdAt: new Date(createdAt) }]);
  await insertAccounts(client, em, [{ userId: id, lists: demoLists, labels: demoLabels, tasks: demoTasks(now) }], now);
  return null;
}
