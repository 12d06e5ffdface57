import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import type { ErrorCode } from '../generated/graphql.ts';

/** The `extensions` of every error of todoql. */
interface Details {
  readonly code?: ErrorCode;
  readonly requestId?: string;
  readonly fields?: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
  readonly currentVersion?: number;
  readonly retryAfter?: number;
}

/** An error, described for the user. */
export interface Problem {
  readonly code: ErrorCode | 'OFFLINE';
  readonly sentence: string;
  /** Sentences about fields, by the field's name in the input. */
  readonly fields: Readonly<Record<string, string>>;
  /** Seconds to wait before a retry. */
  readonly retryAfter: number | null;
  /** With STALE_VERSION. */
  readonly currentVersion: number | null;
}

const unknown = 'Something went wrong on our side. Try again in a moment.';

/** Sentences by code, for errors whose message is not written for the user. */
const sentences: Readonly<Record<string, string>> = {
  OFFLINE: 'The server cannot be reached. Check your connection and try again; nothing you typed is lost.',
  UNAUTHENTICATED: 'Your session has ended. Sign in again.',
  FORBIDDEN: 'You can view this, but not change it.',
  SECOND_FACTOR_REQUIRED: 'This account requires a second sign-in step, which this page does not support yet.',
  BAD_USER_INPUT: 'Something in this form is invalid. Check it and try again.',
  CONFLICT: "That's already taken.",
  NOT_FOUND: 'This no longer exists. It may have been deleted on another device.',
  STALE_VERSION: 'This was changed on another device. Reload and try again.',
  RATE_LIMITED: 'Too many attempts.',
  SERVICE_UNAVAILABLE: 'The server is busy.',
  QUERY_TOO_COMPLEX: 'That is too much for one request. Try with less.',
};

/** Codes with a message for the user: which limit was exceeded, which password was wrong, whom to ask. */
const writtenByServer: ReadonlySet<string> = new Set([
  'INVALID_CREDENTIALS',
  'ACCOUNT_DISABLED',
  'SIGNUP_DISABLED',
  'LIMIT_EXCEEDED',
]);

/** Describes anything that was thrown. */
export function describeProblem(error: unknown): Problem {
  const details = detailsOf(error);
  const code = details.code ?? 'INTERNAL_SERVER_ERROR';
  const fields = Object.fromEntries((details.fields ?? []).map(({ path, message }) => [fieldName(path), message]));
  const retryAfter = details.retryAfter ?? null;
  const sentence = sentenceOf(code, details) + reference(code, details);
  return { code, sentence, fields, retryAfter, currentVersion: details.currentVersion ?? null };
}

/** The sentence, with the time to wait before a retry. */
export function problemText({ code, sentence, retryAfter }: Problem): string {
  if (retryAfter !== null) return `${sentence} Try again in ${retryAfter} s.`;
  return code === 'RATE_LIMITED' || code === 'SERVICE_UNAVAILABLE' ? `${sentence} Try again in a moment.` : sentence;
}

/** The details of the first error with this code. */
export function findError(
  errors: readonly { readonly extensions?: unknown }[] | undefined,
  code: ErrorCode,
): Details | undefined {
  return errors?.map(({ extensions }) => extensions as Details | undefined).find((details) => details?.code === code);
}

function detailsOf(error: unknown): Omit<Details, 'code'> & { message?: string; code?: Problem['code'] } {
  if (CombinedGraphQLErrors.is(error)) {
    const [first] = error.errors;
    return { ...(first?.extensions as Details | undefined), message: first?.message ?? '' };
  }
  if (ServerError.is(error)) return detailsOfStatus(error);
  return error instanceof TypeError ? { code: 'OFFLINE' } : {};
}

/** For responses without GraphQL, from a proxy for example. */
function detailsOfStatus({ statusCode, response }: ServerError) {
  const seconds = Number(response.headers.get('retry-after'));
  const wait = seconds > 0 ? { retryAfter: seconds } : {};
  if (statusCode === 429) return { code: 'RATE_LIMITED', ...wait } as const;
  return { code: statusCode >= 502 ? 'SERVICE_UNAVAILABLE' : 'INTERNAL_SERVER_ERROR', ...wait } as const;
}

function sentenceOf(code: string, { message, fields }: { message?: string; fields?: Details['fields'] }): string {
  if (writtenByServer.has(code) && message) return message;
  return fields?.[0]?.message ?? sentences[code] ?? unknown;
}

/** A reference by which the server's operator finds the request. */
function reference(code: string, { requestId }: { requestId?: string }): string {
  return requestId && !(code in sentences) && !writtenByServer.has(code)
    ? ` (Reference: ${requestId.slice(0, 8)})`
    : '';
}

/** ["input", "due", "date"] → "due.date". */
const fieldName = (path: readonly (string | number)[]): string => path.slice(1).join('.');
