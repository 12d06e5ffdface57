/** All values of `extensions.code`. Clients treat an unknown code like INTERNAL_SERVER_ERROR. */
export enum ErrorCode {
  UNAUTHENTICATED = 'UNAUTHENTICATED',
  FORBIDDEN = 'FORBIDDEN',
  INVALID_CREDENTIALS = 'INVALID_CREDENTIALS',
  ACCOUNT_DISABLED = 'ACCOUNT_DISABLED',
  SIGNUP_DISABLED = 'SIGNUP_DISABLED',
  SECOND_FACTOR_REQUIRED = 'SECOND_FACTOR_REQUIRED',
  BAD_USER_INPUT = 'BAD_USER_INPUT',
  NOT_FOUND = 'NOT_FOUND',
  CONFLICT = 'CONFLICT',
  CURSOR_EXPIRED = 'CURSOR_EXPIRED',
  STALE_VERSION = 'STALE_VERSION',
  LIMIT_EXCEEDED = 'LIMIT_EXCEEDED',
  RATE_LIMITED = 'RATE_LIMITED',
  QUERY_TOO_COMPLEX = 'QUERY_TOO_COMPLEX',
  BAD_REQUEST = 'BAD_REQUEST',
  GRAPHQL_PARSE_FAILED = 'GRAPHQL_PARSE_FAILED',
  GRAPHQL_VALIDATION_FAILED = 'GRAPHQL_VALIDATION_FAILED',
  OPERATION_RESOLUTION_FAILURE = 'OPERATION_RESOLUTION_FAILURE',
  PERSISTED_QUERY_NOT_FOUND = 'PERSISTED_QUERY_NOT_FOUND',
  SERVICE_UNAVAILABLE = 'SERVICE_UNAVAILABLE',
  INTERNAL_SERVER_ERROR = 'INTERNAL_SERVER_ERROR',
}

/** A problem with one input value. `path` starts at the argument's name, e.g. `["input", "email"]`. */
export interface FieldProblem {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** Details of an error; the client gets all of them in `extensions`. */
export interface ErrorDetails {
  readonly fields?: readonly FieldProblem[];
  /** Seconds after which to try again. */
  readonly retryAfter?: number;
  /** With STALE_VERSION: the version that the record has now. */
  readonly currentVersion?: number;
}

/** An error that the client sees. The message is written for the person who reads it. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    readonly details: ErrorDetails = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** BAD_USER_INPUT for one or more values. The first problem is also the message, for clients that show only that. */
export function badUserInput(fields: readonly FieldProblem[]): AppError {
  return new AppError(ErrorCode.BAD_USER_INPUT, fields[0]?.message ?? 'The input is not valid.', { fields });
}

type Path = FieldProblem['path'];

/** The same for another user's record and for one that does not exist, so that ids cannot be probed. */
export function unknownId(kind: string, path: Path = ['input', 'id']): FieldProblem {
  return { path, code: 'NOT_FOUND', message: `There is no such ${kind}.` };
}

/** A record in the trash can be restored or purged, but not changed. */
export function inTrash(kind: string, path: Path = ['input', 'id']): FieldProblem {
  return { path, code: 'IN_TRASH', message: `This ${kind} is in the trash. Restore it first.` };
}

/** NOT_FOUND for one or more ids. */
export function notFound(...fields: FieldProblem[]): AppError {
  return new AppError(ErrorCode.NOT_FOUND, fields[0]?.message ?? 'There is no such record.', { fields });
}

/** @param expected the version that the client saw; null: any version @throws AppError STALE_VERSION */
export function requireVersion(kind: string, version: number, expected: number | null | undefined): void {
  if (typeof expected !== 'number' || expected === version) return;
  const message = `This ${kind} was changed in the meantime. Reload it before you change it.`;
  throw new AppError(ErrorCode.STALE_VERSION, message, { currentVersion: version });
}

/** The name of an entity in messages: a TaskTemplate is a task template, but a TaskList is a list. */
export function kindOf(entity: string): string {
  return entity === 'TaskList' ? 'list' : entity.replace(/\B[A-Z]/g, ' $&').toLowerCase();
}

/** UNAUTHENTICATED: the session or the account no longer exists. */
export function sessionEnded(): AppError {
  return new AppError(ErrorCode.UNAUTHENTICATED, 'Your session has ended. Log in again.');
}

/** A reason why the program cannot start: printed without a stack, with exit code 1. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
