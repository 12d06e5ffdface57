import type { MetadataStorage } from '@mikro-orm/core';
import { AppError, ErrorCode, StartError, sessionEnded } from '../errors.ts';
import { codeOf, hasLostStatement, isDatabaseAway, isReadOnly } from './connection-failures.ts';

/** What a client reads that made an id which exists already. */
export const takenId = 'This id is taken. Make another one.';

/** An entity's unique constraints that an input can run into, by name: the field of the input, and what its client reads. */
export type TakenValues = Readonly<Record<string, { readonly field: string; readonly message: string }>>;

/** Those of all entities that have `takenValues`, and their ids. A violation of any other is a bug. */
export function takenValuesIn(metadata: MetadataStorage): TakenValues {
  const declared = [...metadata].map(({ class: entity, tableName }) => {
    const { takenValues } = entity as { takenValues?: TakenValues };
    return takenValues && { [`${tableName}_pkey`]: { field: 'id', message: takenId }, ...takenValues };
  });
  return Object.assign({}, ...declared);
}

const foreignKeyViolation = '23503';
/** What statement_timeout ends a statement with. */
const queryCanceled = '57014';
/** What lock_timeout ends a statement with. */
const lockNotAvailable = '55P03';

/** Whether a transaction was undone because others were in its way: it may well succeed when it is done again. */
export function isSerializationFailure(error: unknown): boolean {
  return /^40(001|P01)$/.test(codeOf(error) ?? '');
}

/** Whether somebody else kept a row for too long. */
export function isLockTimeout(error: unknown): boolean {
  return codeOf(error) === lockNotAvailable;
}

/**
 * What the client is told of a failure: CONFLICT for a taken value, SERVICE_UNAVAILABLE while the database is away.
 * Anything else comes back as it was.
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
    return unavailable('Another change of the same records is taking long. Try again in a moment.', 1, error);
  }
  const constraint = error instanceof Error && 'constraint' in error ? String(error.constraint) : '';
  if (codeOf(error) === foreignKeyViolation) return parentIsGone(constraint);
  const taken = takenValues[constraint];
  if (!taken) return error;
  const { field, message } = taken;
  return new AppError(ErrorCode.CONFLICT, message, { fields: [{ path: ['input', field], code: 'TAKEN', message }] });
}

/** A statement, or all of a request's, that ran out of time. */
export function timedOut(cause?: unknown): AppError {
  return unavailable('This request took too long. Ask for less at once.', 1, cause);
}

/** While the database is away, or not itself: a restart or a failover to a standby is usually over in five seconds. */
function databaseUnreachable(message: string, cause: unknown): AppError {
  return unavailable(`${message} Try again in a few seconds.`, 5, cause);
}

function unavailable(message: string, retryAfter: number, cause: unknown): AppError {
  return new AppError(ErrorCode.SERVICE_UNAVAILABLE, message, { retryAfter }, { cause });
}

/** What a new row belongs to was there when the change looked for it, and was removed before the row was written. */
function parentIsGone(constraint: string): AppError {
  const isAccount = /_user_id(_session_id)?_foreign$/.test(constraint);
  if (isAccount) return sessionEnded();
  return new AppError(ErrorCode.NOT_FOUND, 'What this belongs to was removed a moment ago.');
}

/** Throws a StartError that says what to do where the database cannot be used; anything else as it was. */
export function explainConnectionFailure(error: unknown, databaseUrl: string): never {
  if (error instanceof StartError) throw error;
  const { host, database } = addressOf(databaseUrl);
  const explanation = refusal(error, host, database) ?? mismatch(error, host, database);
  throw explanation === undefined ? error : new StartError(explanation);
}

function refusal(error: unknown, host: string, database: string): string | undefined {
  const code = codeOf(error) ?? '';
  const said = firstLine(error);
  const server = `The database at ${host}`;
  if (code === '3D000') return `There is no database "${database}" at ${host}. Create it first.`;
  if (code === '28000' && /no encryption|insecure/.test(said))
    return `${server} wants an encrypted connection: add ?sslmode=verify-full to DATABASE_URL.`;
  if (/client password must be/.test(said)) return `${server} wants a password, and DATABASE_URL has none.`;
  if (code.startsWith('28')) return `${server} refuses the user or password of DATABASE_URL.`;
  // It was reached, but lets nobody in, or lacks what it needs, and says why.
  if (/^(FATAL|PANIC)$/.test(severityOf(error) ?? '') || code.startsWith('53')) return `${server} says: ${said}.`;
  if (code === '42501') return `The user of DATABASE_URL may not bring ${database} at ${host} up to date: ${said}.`;
  if (error instanceof Error && /SSL|certificate/i.test(error.message))
    return `No secure connection to the database at ${host}: ${error.message}.`;
  if (isDatabaseAway(error))
    return `${server} cannot be reached (${code || 'no answer'}).\nStart it, or correct DATABASE_URL.`;
  return undefined;
}

/** What a migration ran into: what is there is not what it was written for. */
function mismatch(error: unknown, host: string, database: string): string | undefined {
  if (severityOf(error) === undefined) return undefined;
  const isTaken = /^42(P0[67]|710)$/.test(codeOf(error) ?? '');
  const problem = `The database "${database}" at ${host} cannot be brought up to date, and is left as it was`;
  const advice =
    'Another program may use that name. Give todoql a schema of its own: add ?schema=NAME to DATABASE_URL.';
  return `${problem}: ${firstLine(error)}.${isTaken ? `\n${advice}` : ''}`;
}

/** As the driver reads them: parameters count before what stands in front of the path. */
function addressOf(databaseUrl: string) {
  const { hostname, port, pathname, searchParams } = new URL(databaseUrl);
  const name = searchParams.get('host') || decodeURIComponent(hostname);
  const host = [name, searchParams.get('port') || port].filter(Boolean).join(':');
  return { host, database: decodeURI(pathname.slice(1)) };
}

/** Errors that PostgreSQL itself reports have one. */
function severityOf(error: unknown): string | undefined {
  return error instanceof Error && 'severity' in error ? String(error.severity) : undefined;
}

/** PostgreSQL's own words, without the details and hints that the ORM adds. */
export function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n', 1).join();
}
