import type { ErrorCode } from './generated/graphql.ts';

/** What todoql says in `extensions` of every error. */
export interface Details {
  readonly code: ErrorCode;
  /** Worth showing: whoever runs the server finds the request by it. */
  readonly requestId: string;
  /** With BAD_USER_INPUT and CONFLICT: what is wrong where. */
  readonly fields?: readonly { readonly path: readonly (string | number)[]; code: string; message: string }[];
  /** With STALE_VERSION. */
  readonly currentVersion?: number;
  /** Seconds, with RATE_LIMITED and SERVICE_UNAVAILABLE. */
  readonly retryAfter?: number;
}

/** Entries of `errors`, as every client hands them on. */
export type Errors = readonly { readonly message: string; readonly extensions?: unknown }[];

/** The details of the first error of this code. */
export function find(errors: Errors, code: ErrorCode): Details | undefined {
  // A cast, because clients type extensions as anything at all; what a proxy wrote may lack them.
  return errors.map(({ extensions }) => extensions as Details | undefined).find((details) => details?.code === code);
}

/** What to show beside the fields of a form: `{ password: "The password is too short: …" }`. */
export function messagesByField(errors: Errors): Readonly<Record<string, string>> {
  const fields = (find(errors, 'BAD_USER_INPUT') ?? find(errors, 'CONFLICT'))?.fields ?? [];
  return Object.fromEntries(fields.map(({ path, message }) => [path.slice(1).join('.'), message]));
}
