import { HeaderMap } from '@apollo/server';
import { GraphQLError } from 'graphql';
import { type AppError, ErrorCode } from '../../errors.ts';

const statuses: Partial<Record<ErrorCode, number>> = {
  [ErrorCode.UNAUTHENTICATED]: 401,
  [ErrorCode.FORBIDDEN]: 403,
  [ErrorCode.RATE_LIMITED]: 429,
  [ErrorCode.SERVICE_UNAVAILABLE]: 503,
};

/** The error that rejects a whole request before execution, with HTTP 400 unless the code has its own status. */
export function refuse(error: AppError, headers: Record<string, string> = {}): GraphQLError {
  const { retryAfter } = error.details;
  const all = { ...headers, ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }) };
  const http = { status: statuses[error.code] ?? 400, headers: new HeaderMap(Object.entries(all)) };
  return new GraphQLError(error.message, { originalError: error, extensions: { http } });
}
