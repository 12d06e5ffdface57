import { createHash } from 'node:crypto';
import type { EntityClass, FilterQuery } from '@mikro-orm/core';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Change, Database } from '../database/database.ts';
import { takenId } from '../database/failures.ts';
import { AppError, ErrorCode } from '../errors.ts';
import { User } from '../users/user.entity.ts';
import { lockUserTree } from './lock-user-tree.ts';
import { Owned, type OwnedRecord } from './owned.entity.ts';

/** The properties that all new records have in common. The hash is null where the client gave no id. */
export type NewRecord = Pick<OwnedRecord, 'user' | 'id' | 'version' | 'createdAt' | 'updatedAt' | 'inputHash'>;

/**
 * Makes a record of the viewer's. With an id of the client's the call may be repeated: the same input finds the record as it
 * is now. Errors: CONFLICT where the id is or was another record's, or came with other input before.
 * @param create makes the entity: of `own`, which all records have, and of the input
 */
export async function createIdempotently<Entity extends OwnedRecord>(
  db: Database,
  entity: EntityClass<Entity>,
  input: { readonly id?: string | null },
  create: (change: Change, own: NewRecord) => Entity | Promise<Entity>,
): Promise<Entity> {
  const { id } = input;
  const inputHash = id ? hashOf(input) : null;
  const now = new Date();
  const own = { id: id ?? uuidv7(), version: 1, createdAt: now, updatedAt: now, inputHash };
  try {
    return await db.change(async (change) => {
      if (id) {
        // Two that want the same id, for whatever kind of record, come one after the other.
        await lockUserTree(change);
        await refuseUsed(change, id);
      }
      return create(change, { ...own, user: change.em.getReference(User, db.viewer.id, { wrapped: true }) });
    });
  } catch (error) {
    // An earlier call with the same input may have made it, whatever this one ran into.
    const earlier = id && (await db.entities.findOne(entity, { id, inputHash } as FilterQuery<Entity>));
    if (earlier) return earlier;
    throw error;
  }
}

/**
 * The record that `createIdempotently` has made, as it was read afterwards. Errors where it has been removed meanwhile:
 * UNAUTHENTICATED where the account has, else CONFLICT, since the id stays taken.
 */
export async function requireFound<Row>(db: Database, row: Row | null): Promise<Row> {
  if (row !== null) return row;
  await db.change(lockUserTree);
  throw idTaken();
}

/** Among a user's records an id is never used twice, whatever it is the id of. Those of others do not matter. */
async function refuseUsed({ kysely, metadata, viewer }: Change, id: string): Promise<void> {
  const records = [...metadata]
    .filter((entity) => entity.class.prototype instanceof Owned)
    .map(({ tableName }) => sql`select from ${sql.table(tableName)} where user_id = ${viewer.id} and id = ${id}`);
  const { rows } = await sql`
    select where ${id} = ${viewer.id}
    union all ${sql.join(records, sql` union all `)}`.execute(kysely);
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
