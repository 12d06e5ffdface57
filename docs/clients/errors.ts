import type { ErrorCode } from './generated/graphql.ts';

/** The `extensions` of every error of todoql. */
export interface Details {
  readonly code: ErrorCode;
  /** Worth showing: the operator of the server finds the request by it. */
  readonly requestId: string;
  /** With BAD_USER_INPUT and CONFLICT: the invalid fields. */
  readonly fields?: readonly { readonly path: readonly (string | number)[]; code: string; message: string }[];
  /** With STALE_VERSION. */
  readonly currentVersion?: number;
  /** Seconds, with RATE_LIMITED and SERVICE_UNAVAILABLE. */
  readonly retryAfter?: number;
}

/** Entries of `errors`, in the form that all clients share. */
export type Errors = readonly { readonly message: string; readonly extensions?: unknown }[];

/** The details of the first error with this code. */
export function find(errors: Errors, code: ErrorCode): Details | undefined {
  // A cast, because clients do not type extensions; errors from a proxy may have none.
  return errors.map(({ extensions }) => extensions as Details | undefined).find((details) => details?.code === code);
}

/** The messages for the fields of a form: `{ password: "The password is too short: …" }`. */
export function messagesByField(errors: Errors): Readonly<Record<string, string>> {
  const fields = (find(errors, 'BAD_USER_INPUT') ?? find(errors, 'CONFLICT'))?.fields ?? [];
  return Object.fromEntries(fields.map(({ path, message }) => [path.slice(1).join('.'), message]));
}
