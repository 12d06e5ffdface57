/** Every code that `extensions.code` can carry. Clients take a code they do not know for INTERNAL_SERVER_ERROR. */
export enum ErrorCode {
  UNAUTHENTICATED = 'UNAUTHENTICATED',
  FORBIDDEN = 'FORBIDDEN',
  INVALID_CREDENTIALS = 'INVALID_CREDENTIALS',
  SECOND_FACTOR_REQUIRED = 'SECOND_FACTOR_REQUIRED',
  BAD_USER_INPUT = 'BAD_USER_INPUT',
  NOT_FOUND = 'NOT_FOUND',
  CONFLICT = 'CONFLICT',
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

/** One thing wrong with one input value; `path` runs from the argument's name down, e.g. `["input", "email"]`. */
export interface FieldProblem {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** What an error tells besides its code; all of it reaches the client in `extensions`. */
export interface ErrorDetails {
  readonly fields?: readonly FieldProblem[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number;
  /** With STALE_VERSION: the version that the record has now. */
  readonly currentVersion?: number;
}

/** A failure that the client is told about: the message is written for the person who reads it. */
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

/** BAD_USER_INPUT for one or more values; the first problem is also the message, so that a plain client can show it. */
export function badUserInput(fields: readonly FieldProblem[]): AppError {
  return new AppError(ErrorCode.BAD_USER_INPUT, fields[0]?.message ?? 'The input is not valid.', { fields });
}

type Path = FieldProblem['path'];

/** Another user's record and one that never was are the same answer: ids cannot be probed. */
export function noSuch(kind: string, path: Path = ['input', 'id']): FieldProblem {
  return { path, code: 'NOT_FOUND', message: `There is no such ${kind}.` };
}

/** A record in the trash can be taken out of it, and nothing else. */
export function inTrash(kind: string, path: Path = ['input', 'id']): FieldProblem {
  return { path, code: 'IN_TRASH', message: `This ${kind} is in the trash. Restore it first.` };
}

/** NOT_FOUND for one or more ids. */
export function notFound(...fields: FieldProblem[]): AppError {
  return new AppError(ErrorCode.NOT_FOUND, fields[0]?.message ?? 'There is no such record.', { fields });
}

/** @param expected the version that the client saw; null: any @throws AppError STALE_VERSION */
export function requireVersion(kind: string, version: number, expected: number | null | undefined): void {
  if (typeof expected !== 'number' || expected === version) return;
  const message = `This ${kind} has changed meanwhile. Load it again before you change it.`;
  throw new AppError(ErrorCode.STALE_VERSION, message, { currentVersion: version });
}

/** What messages call a record of an entity: a TaskList is a list. */
export function kindOf(entity: string): string {
  return entity.replace(/^Task(?=.)/, '').toLowerCase();
}

/** UNAUTHENTICATED for whoever had a session, or an account, that is gone. */
export function sessionEnded(): AppError {
  return new AppError(ErrorCode.UNAUTHENTICATED, 'Your session has ended. Log in again.');
}

/** A reason why the program cannot start: shown as it stands, without a stack, with exit code 1. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
