import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { sessionEnded } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';

/**
 * Makes changes of one user's structure (places, parents, what goes to the trash together) come one after another, until
 * the transaction ends: what a change was decided by still holds when it is written. Other users, reads and changes of a
 * record's own fields do not wait. To be taken before any record is locked. Errors: UNAUTHENTICATED where the account is gone.
 */
export async function lockStructure(transaction: Transaction, viewer: Viewer): Promise<void> {
  const { rows } = await sql`
    select from "user" where id = ${viewer.id} and purged_at is null for no key update`.execute(transaction);
  if (rows.length === 0) throw sessionEnded();
}
