import 'reflect-metadata';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { SignupInput } from '../auth/auth.inputs.ts';
import type { Config } from '../config.ts';
import { AppError } from '../errors.ts';
import { checkRules } from '../graphql/inputs/input-rules.ts';
import { readBcryptHash } from './bcrypt-hash.ts';
import { inTransaction, withDatabase } from './command-database.ts';
import { readUserFile, type UserRecord } from './user-file.ts';

type NewUser = { readonly line: number; readonly id: string; readonly email: string; readonly hash: string };
type Refusal = { readonly line: number; readonly email?: unknown; readonly reason: string };

/** Lines that are checked and stored together, and are in memory at a time. */
const linesPerBatch = 5_000;

/** Adds the accounts of a file, and reports why others were rejected. @returns 1 if any was rejected */
export async function importUsers(config: Config, file: string): Promise<number> {
  const { imported, refused } = await withDatabase(config, (database) =>
    inTransaction(database, (client) => addUsers(client, readUserFile(file))),
  );
  console.log(`Accounts imported: ${imported.toLocaleString('en')}. Lines refused: ${refused.toLocaleString('en')}.`);
  return refused > 0 ? 1 : 0;
}

async function addUsers(client: pg.Client, records: AsyncIterable<UserRecord>) {
  const tally = { imported: 0, refused: 0 };
  const createdAt = new Date();
  let batch: (NewUser | Refusal)[] = [];
  const store = async (): Promise<void> => {
    const refusals = await addBatch(client, batch, createdAt);
    for (const refusal of refusals) console.error(describe(refusal));
    tally.refused += refusals.length;
    tally.imported += batch.length - refusals.length;
    batch = [];
  };
  for await (const record of records) {
    batch.push(check(record));
    if (batch.length === linesPerBatch) await store();
  }
  await store();
  return tally;
}

/** @returns the rejected lines in file order, including those whose address is taken */
async function addBatch(client: pg.Client, batch: readonly (NewUser | Refusal)[], createdAt: Date): Promise<Refusal[]> {
  const users = batch.filter((entry) => 'hash' in entry);
  const { rows } = await client.query<{ id: string }>(
    `insert into "user" (id, email, password_hash, created_at)
     select id, email, hash, $4 from unnest($1::uuid[], $2::text[], $3::text[]) as given(id, email, hash)
     on conflict do nothing returning id`,
    [users.map(({ id }) => id), users.map(({ email }) => email), users.map(({ hash }) => hash), createdAt],
  );
  const added = new Set(rows.map(({ id }) => id));
  const reason = 'This e-mail address is taken, by an account or by an earlier line.';
  return batch.flatMap((entry) => {
    if (!('hash' in entry)) return [entry];
    return added.has(entry.id) ? [] : [{ line: entry.line, email: entry.email, reason }];
  });
}

function check({ line, ...fields }: UserRecord): NewUser | Refusal {
  if ('problem' in fields) return { line, reason: fields.problem };
  const { email, hash } = fields;
  const address = readEmail(email);
  if ('problem' in address) return { line, email, reason: address.problem };
  const password = readBcryptHash(hash);
  if ('problem' in password) return { line, email, reason: password.problem };
  return { line, id: uuidv7(), email: address.email, hash: password.hash };
}

/** The same rule as for sign-up. */
function readEmail(value: unknown): { readonly email: string } | { readonly problem: string } {
  if (value === undefined || value === null || value === '') return { problem: 'There is no e-mail address.' };
  const input = Object.assign(new SignupInput(), { email: String(value) });
  if (!input.email.isWellFormed() || input.email.includes('\0'))
    return { problem: 'The e-mail address holds broken characters.' };
  try {
    checkRules(input, { args: { input } });
    return { email: input.email };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { problem: error.message };
  }
}

function describe({ line, email, reason }: Refusal): string {
  // Control characters could affect the terminal.
  const shown = typeof email === 'string' && email !== '' ? ` ${email.slice(0, 100).replace(/\p{C}/gu, '?')}:` : '';
  return `Line ${line}:${shown} ${reason}`;
}
