import { createHash } from 'node:crypto';
import type { EntityClass, FilterQuery } from '@mikro-orm/core';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Change, Database } from '../database/database.ts';
import { takenId } from '../database/failures.ts';
import { AppError, ErrorCode, type FieldProblem } from '../errors.ts';
import { User } from '../users/user.entity.ts';
import { Owned, type OwnedRecord } from './owned.entity.ts';

/** The properties that all new records have in common. The hash is null if the client gave no id. */
export type NewRecord = Pick<OwnedRecord, 'user' | 'id' | 'version' | 'createdAt' | 'updatedAt' | 'inputHash'>;

/**
 * Creates a record of the viewer. With an id chosen by the client the call may be repeated: the same input returns the record
 * as it is now. Errors: CONFLICT if the id belongs or belonged to another record, or was used with other input.
 * @param create creates the entity from `own`, which all records have, and the input
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
      if (id) await refuseUsed(change, id);
      return create(change, { ...own, user: change.em.getReference(User, db.viewer.id, { wrapped: true }) });
    });
  } catch (error) {
    // Whatever the error, an earlier call with the same input may have created it.
    const earlier = id && (await db.entities.findOne(entity, { id, inputHash } as FilterQuery<Entity>));
    if (earlier) return earlier;
    throw error;
  }
}

/**
 * Returns the row that was read after `createIdempotently`. If the record has been removed meanwhile, errors:
 * UNAUTHENTICATED if the account has too, else CONFLICT, since the id stays taken.
 */
export async function requireFound<Row>(db: Database, row: Row | null): Promise<Row> {
  if (row !== null) return row;
  await db.change(async () => {});
  throw idTaken();
}

async function refuseUsed(change: Change, id: string): Promise<void> {
  if ((await usedIds(change, [id])).size > 0) throw idTaken();
}

/** An id is never used twice among all records of a user. Ids of other users do not matter. */
export async function usedIds({ kysely, metadata, viewer }: Change, ids: readonly string[]): Promise<Set<string>> {
  const records = [...metadata]
    .filter((entity) => entity.class.prototype instanceof Owned)
    .map(({ tableName }) => {
      return sql`select id from ${sql.table(tableName)} where user_id = ${viewer.id} and id = any(${ids}::uuid[])`;
    });
  const { rows } = await sql<{ id: string }>`
    select ${viewer.id}::uuid as id where ${viewer.id} = any(${ids}::uuid[])
    union all ${sql.join(records, sql` union all `)}`.execute(kysely);
  return new Set(rows.map(({ id }) => id));
}

/** CONFLICT for one or more ids. */
export function idTaken(...paths: readonly FieldProblem['path'][]): AppError {
  const fields = (paths.length > 0 ? paths : [['input', 'id']]).map((path) => ({
    path,
    code: 'TAKEN',
    message: takenId,
  }));
  return new AppError(ErrorCode.CONFLICT, takenId, { fields });
}

/** Hashes the given fields in a fixed order: a field added to the input later does not change the hash of older calls. */
export function hashOf(input: object): string {
  const given = Object.entries(input).filter(([, value]) => !isNothing(value));
  return createHash('sha256').update(JSON.stringify(given.sort())).digest('base64url');
}

/** Values that mean the same as leaving the field out. */
function isNothing(value: unknown): boolean {
  return value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}
