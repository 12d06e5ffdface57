import { Query, Resolver, registerEnumType } from 'type-graphql';
import { ErrorCode } from '../../errors.ts';

registerEnumType(ErrorCode, {
  name: 'ErrorCode',
  description: 'The values of `extensions.code`. Treat an unknown code like INTERNAL_SERVER_ERROR.',
  valuesConfig: {
    UNAUTHENTICATED: { description: 'The token is missing, invalid, expired or revoked (HTTP 401, nothing executed).' },
    FORBIDDEN: { description: 'You may see this, but not change it.' },
    INVALID_CREDENTIALS: { description: 'The credentials are incorrect.' },
    ACCOUNT_DISABLED: { description: 'The credentials are correct, but an operator has disabled the account.' },
    SIGNUP_DISABLED: { description: 'This server creates no accounts by sign-up; see `Query.signupEnabled`.' },
    SECOND_FACTOR_REQUIRED: { description: 'Reserved for two-step log-ins.' },
    BAD_USER_INPUT: { description: 'A value is invalid; `extensions.fields` says which and why.' },
    NOT_FOUND: { description: 'You have no such record.' },
    CONFLICT: { description: 'A value is taken; `extensions.fields` says which.' },
    CURSOR_EXPIRED: {
      description: 'The cursor of changes is from before the database was restored: sync again without one.',
    },
    STALE_VERSION: { description: 'The record has changed; `extensions.currentVersion` is its version now.' },
    LIMIT_EXCEEDED: { description: 'A limit of the service would be exceeded.' },
    RATE_LIMITED: { description: 'Too many attempts; `extensions.retryAfter` is in seconds.' },
    QUERY_TOO_COMPLEX: { description: 'The operation is too deep, too long or too costly.' },
    BAD_REQUEST: { description: 'The HTTP request is not a valid GraphQL request.' },
    GRAPHQL_PARSE_FAILED: { description: 'The document is not GraphQL.' },
    GRAPHQL_VALIDATION_FAILED: { description: 'The document is not valid for the schema.' },
    OPERATION_RESOLUTION_FAILURE: {
      description: 'The document has no such operation, or several and no name was given.',
    },
    PERSISTED_QUERY_NOT_FOUND: { description: 'The hash is unknown: send the document with it.' },
    SERVICE_UNAVAILABLE: { description: 'Try again after `extensions.retryAfter` seconds.' },
    INTERNAL_SERVER_ERROR: { description: 'A bug in the service. The message gives no details.' },
  },
});

@Resolver()
export class ErrorCodesResolver {
  @Query(() => [ErrorCode], { description: 'All error codes. Needs no log-in.' })
  errorCodes(): ErrorCode[] {
    return Object.values(ErrorCode);
  }
}
