import { ServerInRecovery, WrongReply } from './connections/checked-query.ts';

// SQLSTATE 57P01, 57P02 and the time limits of sessions end a connection that was good; so do a reset socket and pg's own
// words for it, or for one that was closed before the statement was sent.
const lost =
  /^(57P0[125]|25P0[34]|ECONNRESET|EPIPE)$|Connection terminated(?! due to connection timeout)|Client (has encountered a connection error|was closed)/;
// Classes 08 (connection) and 53 (resources), 57P03 (starting up), the socket's refusals and pg's wait for the pool.
const away =
  /^(08...|53...|57P03|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$|timeout exceeded when trying to connect|timeout expired|connection timeout|Query read timeout|not currently accepting connections/;

/** Whether a connection broke under a statement, which another connection may well be able to run. */
export function hasLostConnection(error: unknown): boolean {
  return speaksOf(lost, error);
}

/** Whether a statement that was prepared before its table was altered would answer other types than it did then. */
export function isStalePlan(error: unknown): boolean {
  return codeOf(error) === '0A000' && /cached plan must not change result type/.test((error as Error).message);
}

/** Whether the connection that an error came on should not be used for anything else. */
export function isUnfit(error: unknown): boolean {
  return isDatabaseAway(error) || isReadOnly(error) || hasLostStatement(error) || isStalePlan(error);
}

/** Whether the server takes no changes, as a standby does, or a provider's whose disk is full. */
export function isReadOnly(error: unknown): boolean {
  return codeOf(error) === '25006';
}

/** Whether a prepared statement is missing (26000), or there when it should not be (42P05). */
export function hasLostStatement(error: unknown): boolean {
  return /^(26000|42P05)$/.test(codeOf(error) ?? '');
}

/** Whether the database could not be reached, rather than refused something. */
export function isDatabaseAway(error: unknown): boolean {
  const isWrong = error instanceof WrongReply || error instanceof ServerInRecovery;
  return isWrong || speaksOf(away, error) || hasLostConnection(error);
}

function speaksOf(pattern: RegExp, error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return pattern.test(codeOf(error) ?? '') || pattern.test(error.message);
}

/** The SQLSTATE of an error of PostgreSQL's, or the code of one of the network's. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
