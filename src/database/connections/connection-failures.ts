import type { Pool, PoolClient } from 'pg';
import { ReplyMismatch, ServerInRecovery } from './checked-query.ts';

// A good connection ends with SQLSTATE 57P01, 57P02 or a session's time limit, a reset socket, or pg's own message for a
// connection that broke or was closed before the statement was sent.
const lost =
  /^(57P0[125]|25P0[34]|ECONNRESET|EPIPE)$|Connection terminated(?! due to connection timeout)|Client (has encountered a connection error|was closed)/;
// Classes 08 (connection) and 53 (resources), 57P03 (starting up), socket errors, and pg's timeout while waiting for the pool.
const away =
  /^(08...|53...|57P03|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$|timeout exceeded when trying to connect|timeout expired|connection timeout|Query read timeout|not currently accepting connections/;

/** No connection could be made, for any reason: no response, or the server rejects the role or all connections. */
class ConnectionRefused extends Error {
  override readonly name = 'ConnectionRefused';
  readonly code: string | undefined;

  constructor(reason: unknown) {
    super(reason instanceof Error ? reason.message : String(reason), { cause: reason });
    this.code = codeOf(reason);
  }
}

/** Acquires a connection. A failure to do so is not the fault of the statement. */
export function connect(pool: Pool): Promise<PoolClient> {
  return pool.connect().catch((reason: unknown) => {
    throw new ConnectionRefused(reason);
  });
}

/** Whether the connection broke during the statement, so that a retry on another one may succeed. */
export function hasLostConnection(error: unknown): boolean {
  return matches(lost, error);
}

/** Whether a statement was prepared before its table was altered, and would now return other types. */
export function isStalePlan(error: unknown): boolean {
  return codeOf(error) === '0A000' && /cached plan must not change result type/.test((error as Error).message);
}

/** Whether the connection that raised the error must not be used again. */
export function isConnectionUnusable(error: unknown): boolean {
  return isDatabaseAway(error) || isReadOnly(error) || hasLostStatement(error) || isStalePlan(error);
}

/** Whether the server is read-only: a standby, or a provider's server whose disk is full. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === '25006';
}

/** Whether a prepared statement is missing (26000), or exists when it should not (42P05). */
export function hasLostStatement(error: unknown): boolean {
  return /^(26000|42P05)$/.test(codeOf(error) ?? '');
}

/** Whether the database could not be reached, as opposed to rejecting a statement. */
export function isDatabaseAway(error: unknown): boolean {
  const isWrong = error instanceof ReplyMismatch || error instanceof ServerInRecovery;
  // An error of a system call comes from the network or a socket file.
  const isOfSystem = error instanceof ConnectionRefused || (error instanceof Error && 'syscall' in error);
  return isWrong || isOfSystem || matches(away, error) || hasLostConnection(error);
}

function matches(pattern: RegExp, error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return pattern.test(codeOf(error) ?? '') || pattern.test(error.message);
}

/** The SQLSTATE of a PostgreSQL error, or the code of a network error. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
