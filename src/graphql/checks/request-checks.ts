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
import type { Context } from '../server/context.ts';
import type { DocumentStore } from '../server/document-store.ts';
import { refuse } from '../server/refusal.ts';
import { authenticatedFields, namesAny } from './authenticated-fields.ts';
import { brokenDocumentLimits, brokenLimits, brokenVariableLimits, limits } from './limits.ts';
import { KnownSizes, type OperationSize } from './operation-cost.ts';

/** What depends on the document alone, found out once for as long as the parsed document is kept. */
interface DocumentFacts {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  readonly sizes: KnownSizes;
  illFormedLiterals?: readonly ASTNode[];
}

const empty: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/** A client that sends this header, with any value, is told the cost of its operation in `extensions.cost`. */
const costHeader = 'x-graphql-cost';

/**
 * What is checked between parsing and execution, in this order: the operation's size, who asks, the values. One plugin,
 * because Apollo runs the hooks of several at once.
 */
export function createRequestChecks(documents: DocumentStore): ApolloServerPlugin<Context> {
  const authenticated = authenticatedFields();
  const facts = new WeakMap<DocumentNode, DocumentFacts>();
  const factsOf = (document: DocumentNode): DocumentFacts => {
    const known = facts.get(document) ?? newFacts(document);
    facts.set(document, known);
    return known;
  };
  return {
    async requestDidStart() {
      let size: OperationSize | undefined;
      let refusal: unknown;
      return {
        async validationDidStart(request) {
          const { schema, document } = request;
          try {
            // It takes less time than validation, which most of these limits keep short.
            size = measure(request, document, factsOf(document), brokenDocumentLimits(document));
          } catch (error) {
            // Apollo can refuse nothing here: it validates what is empty instead.
            refusal = error;
            Object.assign(request, { document: empty });
          }
          return async (errors) => reportBadLiterals(schema, document, errors);
        },
        async didResolveOperation(request) {
          if (refusal) throw refusal;
          const { schema, document, operation, operationName, contextValue } = request;
          const known = factsOf(document);
          size ??= measure(request, document, known);
          nameInLog(operationName);
          if (!operation) return;
          requireRoot(schema, operation);
          if (contextValue.viewer === null) requireOpen(authenticated, operation, known);
          known.illFormedLiterals ??= findIllFormedLiterals(document);
          const variables = request.request.variables ?? {};
          const problems = inputProblems(schema, document, operation, variables, known.illFormedLiterals);
          if (problems.length > 0) throw refuse(badUserInput(problems));
          documents.keep(document);
        },
        async willSendResponse(request) {
          setRetryAfter(request);
          if (size && request.request.http?.headers.has(costHeader)) exposeCost(request, size.cost);
        },
      };
    },
  };
}

function newFacts({ definitions }: DocumentNode): DocumentFacts {
  const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  return { fragments: new Map(fragments.map((each) => [each.name.value, each])), sizes: new KnownSizes() };
}

function refused(code: ErrorCode, message: string, headers?: Record<string, string>): Error {
  return refuse(new AppError(code, message), headers);
}

function nameInLog(operationName: string | null): void {
  const scope = requestScope();
  if (scope && operationName) scope.operationName = operationName;
}

/** graphql-js finds this out only when it executes. */
function requireRoot(schema: GraphQLSchema, { operation }: OperationDefinitionNode): void {
  if (schema.getRootType(operation)) return;
  throw refused(ErrorCode.GRAPHQL_VALIDATION_FAILED, `This API has no ${operation}s.`);
}

/** RFC 6750 3.1: a request without credentials learns the scheme, and no error code. */
function requireOpen(
  authenticated: ReadonlySet<string>,
  operation: OperationDefinitionNode,
  { fragments }: DocumentFacts,
): void {
  if (!namesAny(authenticated, operation, fragments)) return;
  throw refused(ErrorCode.UNAUTHENTICATED, 'Log in to do this.', { 'www-authenticate': 'Bearer' });
}

/** Apollo answers with what this array holds after the hook. */
function reportBadLiterals(schema: GraphQLSchema, document: DocumentNode, errors: readonly Error[] = []): void {
  if (errors.length === 0) return;
  const problems = literalProblems(schema, document, errors);
  if (problems.size === 0) return;
  const others = errors.filter((error) => !problems.has(error));
  (errors as Error[]).splice(0, errors.length, refuse(badUserInput([...problems.values()])), ...others);
}

/** @throws QUERY_TOO_COMPLEX with all limits that are broken, those of the document itself included */
function measure(
  { schema, request }: GraphQLRequestContext<Context>,
  document: DocumentNode,
  { fragments, sizes }: DocumentFacts,
  brokenByDocument: readonly string[] = [],
): OperationSize | undefined {
  const operation = getOperationAST(document, request.operationName) ?? undefined;
  // It goes into every log line of its request.
  if ((request.operationName ?? operation?.name?.value ?? '').length > limits.operationName) {
    throw refused(ErrorCode.BAD_REQUEST, `An operation's name has at most ${limits.operationName} characters.`);
  }
  const variables = request.variables ?? {};
  const size = operation && sizes.of(schema, fragments, operation, variables);
  const broken = [...brokenByDocument, ...(size ? brokenLimits(size) : []), ...brokenVariableLimits(variables)];
  if (broken.length === 0) return size;
  throw refused(ErrorCode.QUERY_TOO_COMPLEX, `This operation asks for too much: ${broken.join(', ')}.`);
}

/** RFC 9110 10.2.3, for clients and proxies that read no errors: when the last of what failed can be tried again. */
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
