import { CombinedGraphQLErrors, ServerError } from '@apollo/client/errors';
import type { ErrorCode } from '../generated/graphql.ts';

/** What todoql says in `extensions` of every error, which the client types as anything at all. */
interface Details {
  readonly code?: ErrorCode;
  readonly requestId?: string;
  readonly fields?: readonly { readonly path: readonly (string | number)[]; readonly message: string }[];
  readonly currentVersion?: number;
  readonly retryAfter?: number;
}

/** Something that went wrong, in words for a person. */
export interface Problem {
  readonly code: ErrorCode | 'OFFLINE';
  readonly sentence: string;
  /** Sentences that belong beside a field, by its name in the input. */
  readonly fields: Readonly<Record<string, string>>;
  /** Seconds after which it is worth another try. */
  readonly retryAfter: number | null;
  /** With STALE_VERSION. */
  readonly currentVersion: number | null;
}

const unknown = 'Something went wrong on our side. Try again in a moment.';

/** A sentence for each code, for where the server's own is not written for the person. */
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

/** With these the server writes for the person: which figure was exceeded, which password was wrong. */
const writtenByServer: ReadonlySet<string> = new Set(['INVALID_CREDENTIALS', 'LIMIT_EXCEEDED']);

/** @returns a readable sentence for anything that was thrown, whatever it is */
export function describeProblem(error: unknown): Problem {
  const details = detailsOf(error);
  const code = details.code ?? 'INTERNAL_SERVER_ERROR';
  const fields = Object.fromEntries((details.fields ?? []).map(({ path, message }) => [fieldName(path), message]));
  const retryAfter = details.retryAfter ?? null;
  const sentence = sentenceOf(code, details) + reference(code, details);
  return { code, sentence, fields, retryAfter, currentVersion: details.currentVersion ?? null };
}

/** The sentence, and when it is worth another try. */
export function problemText({ code, sentence, retryAfter }: Problem): string {
  if (retryAfter !== null) return `${sentence} Try again in ${retryAfter} s.`;
  return code === 'RATE_LIMITED' || code === 'SERVICE_UNAVAILABLE' ? `${sentence} Try again in a moment.` : sentence;
}

/** The details of the first error of this code in an answer. */
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

/** What stands between, a proxy say, answers without GraphQL. */
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

/** Whoever runs the server finds the request by it. */
function reference(code: string, { requestId }: { requestId?: string }): string {
  return requestId && !(code in sentences) && !writtenByServer.has(code)
    ? ` (Reference: ${requestId.slice(0, 8)})`
    : '';
}

/** ["input", "due", "date"] → "due.date". */
const fieldName = (path: readonly (string | number)[]): string => path.slice(1).join('.');
