import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database, Transaction } from '../database/database.ts';
import { takenId } from '../database/failures.ts';
import { AppError, ErrorCode } from '../errors.ts';
import type { Viewer } from '../graphql/context.ts';
import { lockStructure } from './lock-structure.ts';

/** The tables whose records clients may give ids to; `input_hash` tells a repeated call from a clash. */
type Table = 'task' | 'task_list' | 'label';

/** Where ids of a user's records are, those of records that are gone included. */
const recordTables = ['task', 'task_list', 'label', 'session', 'security_event', 'retired_id'];

/** What makes the record: its id, and the hash of the input, null where the id is ours. */
type Create = (em: EntityManager, transaction: Transaction, id: string, inputHash: string | null) => Promise<void>;

/**
 * Makes a record of the viewer's. With an id of the client's the call may be repeated: the same input finds the record
 * as it is now. Errors: CONFLICT where the id is or was another record's of the viewer's, or was made with other input.
 * @returns the record's id
 */
export async function createOnce(
  database: Database,
  viewer: Viewer,
  table: Table,
  input: { readonly id?: string | null },
  create: Create,
): Promise<string> {
  const { id } = input;
  if (!id) {
    const own = uuidv7();
    await database.change(viewer, (em, transaction) => create(em, transaction, own, null));
    return own;
  }
  const inputHash = hashOf(input);
  try {
    await database.change(viewer, async (em, transaction) => {
      // Two that want the same id, for whatever kind of record, come one after the other.
      await lockStructure(transaction, viewer);
      await refuseUsed(transaction, viewer, id);
      await create(em, transaction, id, inputHash);
    });
  } catch (error) {
    if (!(await isRepeated(database, viewer, table, id, inputHash))) throw error;
  }
  return id;
}

/**
 * The record of that id, read after `createOnce`.
 * @throws AppError CONFLICT where it was removed for good in the same moment: its id is as taken as it is ever after
 */
export function stillThere<Row>(row: Row | null): Row {
  if (row === null) throw idTaken();
  return row;
}

/** Whether an earlier call with the same input has made the record, whatever the later one ran into. */
async function isRepeated(
  database: Database,
  viewer: Viewer,
  table: Table,
  id: string,
  inputHash: string,
): Promise<boolean> {
  const [row] = await database.read(
    `input hash ${table}`,
    (values) =>
      database.build
        .selectFrom(table)
        .where('user_id', '=', values.owner)
        .where('id', '=', values.id)
        .select('input_hash as inputHash'),
    { owner: viewer.id, id },
  );
  return row?.inputHash === inputHash;
}

/** Among a user's records an id is never used twice, whatever it is the id of. Those of others do not matter. */
async function refuseUsed(transaction: Transaction, viewer: Viewer, id: string): Promise<void> {
  const records = recordTables.map(
    (table) => sql`select from ${sql.table(table)} where user_id = ${viewer.id} and id = ${id}`,
  );
  const { rows } = await sql`
    select where ${id} = ${viewer.id}
    union all ${sql.join(records, sql` union all `)}`.execute(transaction);
  if (rows.length > 0) throw idTaken();
}

function idTaken(): AppError {
  const fields = [{ path: ['input', 'id'], code: 'TAKEN', message: takenId }];
  return new AppError(ErrorCode.CONFLICT, takenId, { fields });
}

/** Of what is given, in a fixed order: a field that the input gains later leaves the hash of older calls alone. */
function hashOf(input: object): string {
  const given = Object.entries(input).filter(([, value]) => !isNothing(value));
  return createHash('sha256').update(JSON.stringify(given.sort())).digest('base64url');
}

/** What means the same as leaving the field out. */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
