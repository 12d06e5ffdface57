import { Query, Resolver, registerEnumType } from 'type-graphql';
import { ErrorCode } from '../../errors.ts';

registerEnumType(ErrorCode, {
  name: 'ErrorCode',
  description: 'What `extensions.code` of an error can be. Take a code that you do not know for INTERNAL_SERVER_ERROR.',
  valuesConfig: {
    UNAUTHENTICATED: { description: 'No, bad, expired or revoked token (HTTP 401, nothing executed).' },
    FORBIDDEN: { description: 'Visible but not allowed.' },
    INVALID_CREDENTIALS: { description: 'The log-in was refused.' },
    SECOND_FACTOR_REQUIRED: { description: 'Reserved for log-ins in two steps.' },
    BAD_USER_INPUT: { description: 'A value does not fit; `extensions.fields` says which and why.' },
    NOT_FOUND: { description: 'You have no such record.' },
    CONFLICT: { description: 'A value is taken; `extensions.fields` says which.' },
    STALE_VERSION: { description: 'The record has changed since; `extensions.currentVersion` says where it is.' },
    LIMIT_EXCEEDED: { description: 'More than the service keeps.' },
    RATE_LIMITED: { description: 'Too many tries; `extensions.retryAfter` is in seconds.' },
    QUERY_TOO_COMPLEX: { description: 'The operation is too deep, too long or too costly.' },
    BAD_REQUEST: { description: 'The HTTP request is not one that GraphQL understands.' },
    GRAPHQL_PARSE_FAILED: { description: 'The document is not GraphQL.' },
    GRAPHQL_VALIDATION_FAILED: { description: 'The document does not fit the schema.' },
    OPERATION_RESOLUTION_FAILURE: { description: 'The document has no operation of that name, or several.' },
    PERSISTED_QUERY_NOT_FOUND: { description: 'The hash is not known here: send the document with it.' },
    SERVICE_UNAVAILABLE: { description: 'Try again after `extensions.retryAfter` seconds.' },
    INTERNAL_SERVER_ERROR: { description: 'A bug of the service. The message says nothing more.' },
  },
});

@Resolver()
export class ErrorCodesResolver {
  @Query(() => [ErrorCode], { description: 'Every error code there is. Open to anyone.' })
  errorCodes(): ErrorCode[] {
    return Object.values(ErrorCode);
  }
}
