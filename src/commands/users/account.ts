import { type RawBuilder, sql } from 'kysely';
import { validate as isUuid } from 'uuid';
import { kyselyOn } from '../../database/connections/kysely-on.ts';
import type { Transaction } from '../../database/database.ts';
import { StartError } from '../../errors.ts';
import { type CommandDatabase, inTransaction } from '../command-database.ts';

export interface Account {
  readonly id: string;
  readonly email: string;
  readonly isDisabled: boolean;
}

/** Runs `work` in one transaction. */
export function change<Result>(
  database: CommandDatabase,
  work: (transaction: Transaction) => Promise<Result>,
): Promise<Result> {
  return inTransaction(database, (client) => work(kyselyOn(client)));
}

/** Finds an account. @param name its e-mail address or its id @throws StartError if there is none */
export async function findAccount(transaction: Transaction, name: string): Promise<Account> {
  const account = await find(transaction, isUuid(name) ? sql`id = ${name}` : hasEmail(name));
  if (account) return account;
  throw new StartError(`There is no account "${printable(name)}".`);
}

/** The account with this e-mail address, if there is one. */
export function findByEmail(transaction: Transaction, email: string): Promise<Account | undefined> {
  return find(transaction, hasEmail(email));
}

/** The user's row is locked before any other, as everywhere, and against log-ins. @throws StartError if it is gone */
export async function lockAccount(transaction: Transaction, { id, email }: Account): Promise<Account> {
  const account = await find(transaction, sql`id = ${id}`, sql`for no key update`);
  if (account) return account;
  throw new StartError(`The account ${printable(email)} was deleted a moment ago.`);
}

async function find(
  transaction: Transaction,
  condition: RawBuilder<unknown>,
  lock = sql``,
): Promise<Account | undefined> {
  const { rows } = await sql<Account>`
    select id, email, disabled_at is not null as "isDisabled" from "user"
    where purged_at is null and ${condition} ${lock}`.execute(transaction);
  return rows[0];
}

/** As in the unique index, only ASCII letters are folded. */
function hasEmail(email: string): RawBuilder<unknown> {
  return sql`lower(email collate "C") = lower(${email}::text collate "C")`;
}

/** Control characters could affect the terminal. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '?');
}
