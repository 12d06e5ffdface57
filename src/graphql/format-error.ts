import { unwrapResolverError } from '@apollo/server/errors';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { AppError, ErrorCode } from '../errors.ts';
import type { Logger } from '../observability/logger.ts';
import { requestScope } from '../observability/request-scope.ts';
import { printFigure } from './figures.ts';
import { limits } from './limits.ts';

// What graphql-js and Apollo say of documents and requests: their messages are for the client's developer.
const toldAsTheyAre: ReadonlySet<unknown> = new Set([
  ErrorCode.BAD_REQUEST,
  ErrorCode.GRAPHQL_PARSE_FAILED,
  ErrorCode.GRAPHQL_VALIDATION_FAILED,
  ErrorCode.OPERATION_RESOLUTION_FAILURE,
  ErrorCode.PERSISTED_QUERY_NOT_FOUND,
]);

/**
 * The one way from any failure to what the client reads. What is not an AppError, and not about the request itself, is a
 * bug: logged whole, told as nothing.
 */
export function createFormatError(logger: Logger) {
  return (formatted: GraphQLFormattedError, error: unknown): GraphQLFormattedError => {
    const cause = originOf(error);
    const requestId = requestScope()?.requestId;
    if (cause instanceof AppError) {
      if (cause.cause !== undefined) logger.warn({ err: cause }, 'request failed');
      return { ...formatted, message: cause.message, extensions: { code: cause.code, ...cause.details, requestId } };
    }
    const code = formatted.extensions?.code;
    if (code === ErrorCode.GRAPHQL_PARSE_FAILED && tooManyTokens.test(formatted.message)) {
      const message = `This operation is too long: at most ${printFigure(limits.tokens)} tokens.`;
      return { message, extensions: { code: ErrorCode.QUERY_TOO_COMPLEX, requestId } };
    }
    if (code === ErrorCode.GRAPHQL_PARSE_FAILED && illFormedText.test(formatted.message)) {
      // The document cannot be parsed, so which field it is stays unknown; the location says where it stands.
      const extensions = { code: ErrorCode.BAD_USER_INPUT, fields: [], requestId };
      return { ...formatted, message: 'A text holds NUL, or half of a surrogate pair.', extensions };
    }
    if (toldAsTheyAre.has(code)) {
      return { ...formatted, message: withoutValues(formatted.message), extensions: { code, requestId } };
    }
    if (isRequestFault(error)) {
      return { ...formatted, extensions: { code: ErrorCode.BAD_REQUEST, requestId } };
    }
    logger.error({ err: cause, path: formatted.path }, 'a bug: this error is not part of the interface');
    const extensions = { code: ErrorCode.INTERNAL_SERVER_ERROR, requestId };
    return { ...formatted, message: 'Internal server error', extensions };
  };
}

/** Apollo gives some of its refusals, those of persisted queries, a status but no code. */
function isRequestFault(error: unknown): boolean {
  return error instanceof GraphQLError && (error.extensions.http as { status?: number } | undefined)?.status === 400;
}

/** What a resolver or plugin threw, below the errors that graphql-js and Apollo wrapped around it. */
function originOf(error: unknown): unknown {
  const origin = unwrapResolverError(error);
  const below = origin instanceof Error && 'originalError' in origin ? origin.originalError : undefined;
  return below instanceof AppError ? below : origin;
}

const tooManyTokens = /^Syntax Error: Document contains more tha[nt] \d+ tokens/;

// GraphQL's grammar has no such text, so the lexer finds what for variables is found as a bad value.
const illFormedText = /^Syntax Error: Invalid (Unicode escape sequence|character within String)/;

/** Characters: a name may be as long as the document, and stand in each of a hundred errors. */
const longestMessage = 500;

/** Syntax errors quote the text that they stumble over, which may be half of a password. */
function withoutValues(message: string): string {
  const told = message
    .replace(/\b(String|BlockString|Int|Float) ".*"/s, '$1')
    .replace(/(escape sequence): ".*"/s, '$1');
  return told.length > longestMessage ? `${told.slice(0, longestMessage)}…` : told;
}
