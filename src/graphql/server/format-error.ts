import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, ErrorCode } from '../../errors.ts';
import type { Logger } from '../../observability/logger.ts';
import { requestScope } from '../../observability/request-scope.ts';
import { limits } from '../checks/limits.ts';
import { formatInteger } from '../format-integer.ts';

// graphql-js's and Apollo's errors about documents and requests: their messages are for the client's developer.
const exposed: ReadonlySet<unknown> = new Set([
  ErrorCode.BAD_REQUEST,
  ErrorCode.GRAPHQL_PARSE_FAILED,
  ErrorCode.GRAPHQL_VALIDATION_FAILED,
  ErrorCode.OPERATION_RESOLUTION_FAILURE,
  ErrorCode.PERSISTED_QUERY_NOT_FOUND,
]);

const tooManyTokens = /^Syntax Error: Document contains more tha[nt] \d+ tokens/;

// GraphQL's grammar has no such text, so the lexer finds what for variables is found as a bad value.
const illFormedText = /^Syntax Error: Invalid (Unicode escape sequence|character within String)/;

/** Turns every failure into the client's error. Anything unexpected is a bug, and is logged completely. */
export function createFormatError(logger: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = originOf(error);
    const answer = (code: unknown, message = formatted.message, details: object = {}): GraphQLFormattedError => {
      return { ...formatted, message, extensions: { code, ...details, requestId: requestScope()?.requestId } };
    };
    if (cause instanceof AppError) {
      if (cause.cause !== undefined) logger.warn({ err: cause }, 'request failed');
      return answer(cause.code, cause.message, cause.details);
    }
    const code = formatted.extensions?.code;
    if (code === ErrorCode.GRAPHQL_PARSE_FAILED && tooManyTokens.test(formatted.message)) {
      const message = `This operation is too long: at most ${formatInteger(limits.tokens)} tokens.`;
      return answer(ErrorCode.QUERY_TOO_COMPLEX, message);
    }
    if (code === ErrorCode.GRAPHQL_PARSE_FAILED && illFormedText.test(formatted.message)) {
      // The document cannot be parsed, so that the field stays unknown; the location says where it stands.
      return answer(ErrorCode.BAD_USER_INPUT, 'A text holds NUL, or half of a surrogate pair.', { fields: [] });
    }
    if (exposed.has(code)) return answer(code, withoutValues(formatted.message));
    if (isRequestFault(error)) return answer(ErrorCode.BAD_REQUEST);
    logger.error({ err: cause, path: formatted.path }, 'a bug: this error is not part of the interface');
    return answer(ErrorCode.INTERNAL_SERVER_ERROR, 'Internal server error');
  };
}

/** Apollo's errors for rejected persisted queries have a status but no code. */
function isRequestFault(error: unknown): boolean {
  return error instanceof GraphQLError && (error.extensions.http as { status?: number } | undefined)?.status === 400;
}

/** The original error of a resolver or plugin, without the wrappers of graphql-js and Apollo. */
function originOf(error: unknown): unknown {
  const origin = unwrapResolverError(error);
  const below = origin instanceof Error && 'originalError' in origin ? origin.originalError : undefined;
  return below instanceof AppError ? below : origin;
}

/** Characters: a name may be as long as the document, and be part of a hundred errors. */
const longestMessage = 500;

/** Removes quotes of the document from syntax errors, which may contain part of a password. */
function withoutValues(message: string): string {
  const bare = message
    .replace(/\b(String|BlockString|Int|Float) ".*"/s, '$1')
    .replace(/(escape sequence): ".*"/s, '$1');
  return bare.length > longestMessage ? `${bare.slice(0, longestMessage)}…` : bare;
}
