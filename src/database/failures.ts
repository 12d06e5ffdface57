import type { MetadataStorage } from '@mikro-orm/core';
import { AppError, ErrorCode, StartError, sessionEnded } from '../errors.ts';
import { productName } from '../product-name.ts';
import { codeOf, hasLostStatement, isDatabaseAway, isReadOnly } from './connections/connection-failures.ts';

/** The message for a client-generated id that already exists. */
export const takenId = 'This id is taken. Generate another one.';

/** Unique constraints of an entity that an input can violate, by name: the field of the input, and the message. */
export type TakenValues = Readonly<Record<string, { readonly field: string; readonly message: string }>>;

/** The `takenValues` of all entities, and their primary keys. A violation of any other constraint is a bug. */
export function takenValuesIn(metadata: MetadataStorage): TakenValues {
  const declared = [...metadata].map(({ class: entity, tableName }) => {
    const { takenValues } = entity as { takenValues?: TakenValues };
    return takenValues && { [`${tableName}_pkey`]: { field: 'id', message: takenId }, ...takenValues };
  });
  return Object.assign({}, ...declared);
}

const foreignKeyViolation = '23503';
/** By statement_timeout. */
const queryCanceled = '57014';
/** By lock_timeout. */
const lockNotAvailable = '55P03';

/** Whether a transaction was rolled back because of concurrent ones: a retry may succeed. */
export function isSerializationFailure(error: unknown): boolean {
  return /^40(001|P01)$/.test(codeOf(error) ?? '');
}

/** Whether another transaction held a lock for too long. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === lockNotAvailable;
}

/**
 * The error for the client: CONFLICT for a taken value, SERVICE_UNAVAILABLE while the database is unavailable. Returns any
 * other error unchanged.
 */
export function translateDatabaseError(error: unknown, takenValues: TakenValues): unknown {
  if (isDatabaseAway(error)) return databaseUnreachable('The service cannot reach its database right now.', error);
  if (isReadOnly(error)) return databaseUnreachable('Nothing can be changed right now.', error);
  if (hasLostStatement(error)) {
    const hint = 'Prepared statements do not last as long as connections. Behind a pooler, set DATABASE_PREPARED=off.';
    return databaseUnreachable('The service cannot use its database right now.', new Error(hint, { cause: error }));
  }
  if (isSerializationFailure(error) || codeOf(error) === queryCanceled) return timedOut(error);
  if (isLockTimeout(error)) {
    return unavailable('Another change to the same records is still in progress. Try again in a moment.', 1, error);
  }
  const constraint = error instanceof Error && 'constraint' in error ? String(error.constraint) : '';
  if (codeOf(error) === foreignKeyViolation) return parentIsGone(constraint);
  const taken = takenValues[constraint];
  if (!taken) return error;
  const { field, message } = taken;
  return new AppError(ErrorCode.CONFLICT, message, { fields: [{ path: ['input', field], code: 'TAKEN', message }] });
}

/** For a statement or a request that took too long. */
export function timedOut(cause?: unknown): AppError {
  return unavailable('This request took too long. Ask for less at once.', 1, cause);
}

/** For a database that is unavailable or read-only: a restart or a failover usually takes less than five seconds. */
function databaseUnreachable(message: string, cause: unknown): AppError {
  return unavailable(`${message} Try again in a few seconds.`, 5, cause);
}

function unavailable(message: string, retryAfter: number, cause: unknown): AppError {
  return new AppError(ErrorCode.SERVICE_UNAVAILABLE, message, { retryAfter }, { cause });
}

/** The record that a new row refers to was removed after the change had checked that it exists. */
function parentIsGone(constraint: string): AppError {
  const isAccount = /_user_id(_session_id)?_foreign$/.test(constraint);
  if (isAccount) return sessionEnded();
  return new AppError(ErrorCode.NOT_FOUND, 'A record that this belongs to was just removed.');
}

/** Throws a StartError with advice if the database cannot be used; throws any other error unchanged. */
export function explainConnectionFailure(error: unknown, databaseUrl: string): never {
  if (error instanceof StartError) throw error;
  const { host, database } = addressOf(databaseUrl);
  const explanation = refusal(error, host, database) ?? mismatch(error, host, database);
  throw explanation === undefined ? error : new StartError(explanation);
}

function refusal(error: unknown, host: string, database: string): string | undefined {
  const code = codeOf(error) ?? '';
  const message = firstLine(error);
  const server = `The database at ${host}`;
  if (code === '3D000') return `There is no database "${database}" at ${host}. Create it first.`;
  if (code === '28000' && /no encryption|insecure/.test(message))
    return `${server} requires an encrypted connection: add ?sslmode=verify-full to DATABASE_URL.`;
  if (/client password must be/.test(message)) return `${server} requires a password, but DATABASE_URL has none.`;
  if (code.startsWith('28')) return `${server} rejects the user or password of DATABASE_URL.`;
  // It was reached, but accepts no connections or lacks resources, and gives the reason.
  if (/^(FATAL|PANIC)$/.test(severityOf(error) ?? '') || code.startsWith('53')) return `${server} reports: ${message}.`;
  if (code === '42501')
    return `The user of DATABASE_URL may not update the schema of ${database} at ${host}: ${message}.`;
  if (error instanceof Error && /SSL|certificate/i.test(error.message))
    return `No secure connection to the database at ${host}: ${error.message}.`;
  if (isDatabaseAway(error))
    return `${server} cannot be reached (${code || 'no response'}).\nStart it, or correct DATABASE_URL.`;
  return undefined;
}

/** A migration failed, because the database does not have the schema that it expects. */
function mismatch(error: unknown, host: string, database: string): string | undefined {
  if (severityOf(error) === undefined) return undefined;
  const isTaken = /^42(P0[67]|710)$/.test(codeOf(error) ?? '');
  const problem = `The schema of the database "${database}" at ${host} could not be updated, and is unchanged`;
  const advice = `Another program may use that name. Give ${productName} a schema of its own: add ?schema=NAME to DATABASE_URL.`;
  return `${problem}: ${firstLine(error)}.${isTaken ? `\n${advice}` : ''}`;
}

/** Like the driver: parameters take precedence over the host and port before the path. */
function addressOf(databaseUrl: string) {
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl);
  const name = searchParams.get('host') || decodeURIComponent(hostname);
  const host = [name, searchParams.get('port') || port].filter(Boolean).join(':');
  return { host, database: decodeURI(pathname.slice(1)) };
}

/** Only errors from PostgreSQL itself have one. */
function severityOf(error: unknown): string | undefined {
  return error instanceof Error && 'severity' in error ? String(error.severity) : undefined;
}

/** PostgreSQL's own message, without the details and hints that the ORM adds. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1).join();
}
