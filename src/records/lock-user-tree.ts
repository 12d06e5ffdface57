import { sql } from 'kysely';
import type { Change } from '../database/database.ts';
import { sessionEnded } from '../errors.ts';

/**
 * Makes changes of the viewer's tree (positions, parents, trash) run one at a time, so that what a change has read still
 * holds when it writes. Reads and changes of a record's own fields do not wait. Call it before any record is locked.
 * Errors: UNAUTHENTICATED if the account is gone.
 */
export async function lockUserTree({ kysely, viewer }: Change): Promise<void> {
  const { rows } = await sql`
    select from "user" where id = ${viewer.id} and purged_at is null for no key update`.execute(kysely);
  if (rows.length === 0) throw sessionEnded();
}
