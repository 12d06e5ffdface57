import { createHash } from 'node:crypto';
import { validate as isUuid } from 'uuid';
import { AppError, badUserInput, ErrorCode } from '../errors.ts';
import { partsOf } from '../read/pages/cursor.ts';
import type { DatabaseLife } from './database-life.ts';

/** A place in the order of a user's changes: after the record `id` of those that have this revision. */
export interface ChangePosition {
  readonly revision: bigint;
  readonly id: string;
  /** During a first sync, the user's latest revision when it began: what was removed before is not told. Otherwise 0. */
  readonly since: bigint;
}

const firstId = '00000000-0000-0000-0000-000000000000';
export const lastId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Before every change. */
export const start: ChangePosition = { revision: -1n, id: firstId, since: 0n };

/** PostgreSQL's largest bigint. */
const maximum = 2n ** 63n - 1n;

/** After every change. */
export const end: ChangePosition = { revision: maximum, id: lastId, since: 0n };

/** An opaque cursor, bound to the user and to the life of the database. */
export function encodeCursor(userId: string, life: DatabaseLife, { revision, id, since }: ChangePosition): string {
  const parts = [hashOf(userId), ...hashesOf(life), String(revision), id, String(since)];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** A cursor that was decoded, before the life of the database is known. */
export interface DecodedCursor {
  readonly position: ChangePosition;
  /**
   * Errors: CURSOR_EXPIRED if the cursor is of another life, or ahead of the user's latest revision. The clusters are compared
   * if both are known: instances whose roles have different rights go on with each other's cursors.
   */
  requireLife(life: DatabaseLife, latest: bigint): void;
}

/** @throws AppError BAD_USER_INPUT for a text that is no cursor of this user's changes */
export function decodeCursor(userId: string, cursor: string): DecodedCursor {
  const [owner, ofEpoch, ofCluster, revision, id, since] = partsOf(cursor);
  if (owner !== hashOf(userId) || !isRevision(revision) || !isRevision(since) || !isId(id)) throw invalidCursor();
  const position = { revision: BigInt(revision), id, since: BigInt(since) };
  return {
    position,
    requireLife(life, latest) {
      const [epoch, cluster] = hashesOf(life);
      const isOther = ofEpoch !== epoch || (ofCluster !== cluster && ofCluster !== unknown && cluster !== unknown);
      if (isOther || position.revision > latest || position.since > latest) throw cursorExpired();
    },
  };
}

function isRevision(value: unknown): value is string {
  return typeof value === 'string' && /^\d{1,19}$/.test(value) && BigInt(value) <= maximum;
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && (isUuid(value) || value === lastId);
}

const unknown = '';

function hashesOf({ epoch, cluster }: DatabaseLife): [epoch: string, cluster: string] {
  return [hashOf(epoch), cluster === null ? unknown : hashOf(cluster)];
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 12);
}

function invalidCursor(): AppError {
  const message = 'This is no cursor of your changes. Sync again without one.';
  return badUserInput([{ path: ['after'], code: 'INVALID_CURSOR', message }]);
}

function cursorExpired(): AppError {
  const message = 'This cursor no longer fits the data: the database was restored. Sync again without one.';
  return new AppError(ErrorCode.CURSOR_EXPIRED, message);
}
