import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import type { Viewer } from '../graphql/context.ts';

/**
 * Makes changes of one user's structure (places, parents, what goes to the trash together) come one after another, until
 * the transaction ends: what a change was decided by still holds when it is written. Other users, reads and changes of a
 * record's own fields do not wait. To be taken before any record is locked.
 */
export async function lockStructure(transaction: Transaction, viewer: Viewer): Promise<void> {
  await sql`select from "user" where id = ${viewer.id} for no key update`.execute(transaction);
}
