import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLRequestContextWillSendResponse } from '@apollo/server';
import {
  type ASTNode,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getOperationAST,
  Kind,
  type OperationDefinitionNode,
} from 'graphql';
import { AppError, badUserInput, ErrorCode } from '../../errors.ts';
import { requestScope } from '../../observability/request-scope.ts';
import { findIllFormedLiterals } from '../inputs/ill-formed-texts.ts';
import { inputProblems, literalProblems } from '../inputs/input-problems.ts';
import type { Context, LiveRequest } from '../server/context.ts';
import type { DocumentStore } from '../server/document-store.ts';
import { refuse } from '../server/refusal.ts';
import { authenticatedFields, namesAny } from './authenticated-fields.ts';
import { hasConditionalRoot } from './conditional-roots.ts';
import { brokenDocumentLimits, brokenLimits, brokenVariableLimits, limits } from './limits.ts';
import { MetricsCache } from './metrics-cache.ts';
import type { OperationMetrics } from './operation-metrics.ts';

/** What depends on the document alone: computed once, and cached as long as the parsed document is. */
interface DocumentFacts {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly metrics: MetricsCache;
  illFormedLiterals?: readonly ASTNode[];
}

const empty: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/** With this request header, whatever its value, the response has the operation's cost in `extensions.cost`. */
const costHeader = 'x-graphql-cost';

/**
 * The checks between parsing and execution, in this order: limits, authentication, input types. One plugin, because Apollo
 * runs the hooks of several plugins concurrently.
 */
export function createRequestChecks(documents: DocumentStore): ApolloServerPlugin<Context> {
  const authenticated = authenticatedFields();
  const facts = new WeakMap<DocumentNode, DocumentFacts>();
  const factsOf = (document: DocumentNode): DocumentFacts => {
    const found = facts.get(document) ?? newFacts(document);
    facts.set(document, found);
    return found;
  };
  return {
    async requestDidStart() {
      let metrics: OperationMetrics | undefined;
      let refusal: unknown;
      return {
        async validationDidStart(request) {
          const { schema, document } = request;
          try {
            // Before validation, because most of these limits keep validation short.
            const documentFacts = factsOf(document);
            metrics = measure(request, document, documentFacts, brokenDocumentLimits(document));
            requireUnconditionalRoot(document, documentFacts);
          } catch (error) {
            // Apollo has no way to reject here: let it validate an empty document, and throw in the next hook.
            refusal = error;
            Object.assign(request, { document: empty });
          }
          return async (errors) => reportBadLiterals(schema, document, errors);
        },
        async didResolveOperation(request) {
          if (refusal) throw refusal;
          const { schema, document, operation, operationName, contextValue } = request;
          const documentFacts = factsOf(document);
          metrics ??= measure(request, document, documentFacts);
          nameInLog(operationName);
          if (!operation) return;
          requireRoot(schema, operation);
          requireTransport(request, operation);
          if (contextValue.viewer === null) requireNoLogIn(authenticated, operation, documentFacts);
          documentFacts.illFormedLiterals ??= findIllFormedLiterals(document);
          const variables = request.request.variables ?? {};
          const problems = inputProblems(schema, document, operation, variables, documentFacts.illFormedLiterals);
          if (problems.length > 0) throw refuse(badUserInput(problems));
          documents.keep(document);
        },
        async willSendResponse(request) {
          setRetryAfter(request);
          if (metrics && request.request.http?.headers.has(costHeader)) exposeCost(request, metrics.cost);
        },
      };
    },
  };
}

function newFacts({ definitions }: DocumentNode): DocumentFacts {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return { fragments: new Map(fragments.map((each) => [each.name.value, each])), metrics: new MetricsCache() };
}

function refused(code: ErrorCode, message: string, headers?: Record<string, string>): Error {
  return refuse(new AppError(code, message), headers);
}

function nameInLog(operationName: string | null): void {
  const scope = requestScope();
  if (scope && operationName) scope.operationName = operationName;
}

/** graphql-js reports this only at execution. */
function requireRoot(schema: GraphQLSchema, { operation }: OperationDefinitionNode): void {
  if (schema.getRootType(operation)) return;
  throw refused(ErrorCode.GRAPHQL_VALIDATION_FAILED, `This API has no ${operation}s.`);
}

function requireUnconditionalRoot(document: DocumentNode, { fragments }: DocumentFacts): void {
  if (!hasConditionalRoot(document, fragments)) return;
  throw refused(ErrorCode.GRAPHQL_VALIDATION_FAILED, 'The field of a subscription takes no @skip or @include.');
}

/** An ordinary response could hold the first page of a subscription only. Counts a subscription that has a stream. */
function requireTransport(
  request: GraphQLRequestContext<Context> & { document: DocumentNode },
  operation: OperationDefinitionNode,
): void {
  const { live } = request.contextValue;
  if (operation.operation !== 'subscription') {
    if (!live?.subscriptionsOnly) return;
    throw refused(ErrorCode.BAD_REQUEST, 'WebSocket is for subscriptions. Send queries and mutations by POST.');
  }
  live?.begin(liveRequestOf(request, operation));
  if (live) return;
  const streams = 'text/event-stream, or multipart/mixed;subscriptionSpec="1.0"';
  throw refused(ErrorCode.BAD_REQUEST, `Subscriptions are answered with a stream: send Accept: ${streams}.`);
}

/** All subscriptions with the same document share its text. */
function liveRequestOf(
  { request, source = '', document, operationName = null }: Parameters<typeof requireTransport>[0],
  { variableDefinitions = [] }: OperationDefinitionNode,
): LiveRequest {
  const names = new Set(variableDefinitions.map(({ variable }) => variable.name.value));
  const variables = Object.entries(request.variables ?? {}).filter(([name]) => names.has(name));
  return { query: document.loc?.source.body ?? source, operationName, variables: Object.fromEntries(variables) };
}

/** RFC 6750 3.1: the challenge for a request without credentials names the scheme only, without an error code. */
function requireNoLogIn(
  authenticated: ReadonlySet<string>,
  operation: OperationDefinitionNode,
  { fragments }: DocumentFacts,
): void {
  if (!namesAny(authenticated, operation, fragments)) return;
  throw refused(ErrorCode.UNAUTHENTICATED, 'Log in to do this.', { 'www-authenticate': 'Bearer' });
}

/** Replaces errors about literals in place: Apollo responds with what this array holds after the hook. */
function reportBadLiterals(schema: GraphQLSchema, document: DocumentNode, errors: readonly Error[] = []): void {
  if (errors.length === 0) return;
  const problems = literalProblems(schema, document, errors);
  if (problems.size === 0) return;
  const others = errors.filter((error) => !problems.has(error));
  (errors as Error[]).splice(0, errors.length, refuse(badUserInput([...problems.values()])), ...others);
}

/** @throws AppError QUERY_TOO_COMPLEX with all limits that are exceeded, including those of the document itself */
function measure(
  { schema, request }: GraphQLRequestContext<Context>,
  document: DocumentNode,
  { fragments, metrics: cache }: DocumentFacts,
  brokenByDocument: readonly string[] = [],
): OperationMetrics | undefined {
  const operation = getOperationAST(document, request.operationName) ?? undefined;
  // The name is logged with every line of its request.
  if ((request.operationName ?? operation?.name?.value ?? '').length > limits.operationName) {
    throw refused(ErrorCode.BAD_REQUEST, `An operation's name has at most ${limits.operationName} characters.`);
  }
  const variables = request.variables ?? {};
  const metrics = operation && cache.of(schema, fragments, operation, variables);
  const broken = [...brokenByDocument, ...(metrics ? brokenLimits(metrics) : []), ...brokenVariableLimits(variables)];
  if (broken.length === 0) return metrics;
  throw refused(ErrorCode.QUERY_TOO_COMPLEX, `This operation asks for too much: ${broken.join(', ')}.`);
}

/** Retry-After (RFC 9110 10.2.3), for clients and proxies that do not parse errors: the longest wait of all errors. */
function setRetryAfter({ response }: GraphQLRequestContextWillSendResponse<Context>): void {
  if (response.body.kind !== 'single') return;
  const { errors = [] } = response.body.singleResult;
  const wait = Math.max(0, ...errors.map(({ extensions }) => Number(extensions?.retryAfter ?? 0)));
  if (wait > 0) response.http.headers.set('retry-after', String(wait));
}

function exposeCost({ response }: GraphQLRequestContextWillSendResponse<Context>, cost: number): void {
  if (response.body.kind !== 'single') return;
  const { singleResult } = response.body;
  singleResult.extensions = { ...singleResult.extensions, cost: { requested: cost, maximum: limits.cost } };
}
