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
import { AppError, badUserInput, ErrorCode } from '../errors.ts';
import { requestScope } from '../observability/request-scope.ts';
import { closedRootFields, namesClosedField } from './closed-fields.ts';
import type { Context } from './context.ts';
import type { DocumentStore } from './document-store.ts';
import { findIllFormedLiterals, inputProblems, literalProblems } from './input-problems.ts';
import { brokenDocumentLimits, brokenLimits, brokenVariableLimits, limits } from './limits.ts';
import { KnownSizes, type OperationSize } from './operation-size.ts';
import { refuse } from './refusal.ts';

type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** What depends on the document alone, found out once for as long as the parsed document is kept. */
interface DocumentFacts {
  readonly fragments: Fragments;
  readonly sizes: KnownSizes;
  illFormedLiterals?: readonly ASTNode[];
}

const empty: DocumentNode = { kind: Kind.DOCUMENT, definitions: [] };

/** A client that sends this header, with any value, is told the cost of its operation in `extensions.cost`. */
const costHeader = 'x-graphql-cost';

/**
 * All that is checked between parsing and execution, in this order: the operation's size, who asks, the values. One
 * plugin, because Apollo runs the hooks of several at once. What is refused here has run no resolver.
 */
export function createGate(documents: DocumentStore): ApolloServerPlugin<Context> {
  const closed = closedRootFields();
  const facts = new WeakMap<DocumentNode, DocumentFacts>();
  return {
    async requestDidStart() {
      let size: OperationSize | undefined;
      let refusal: unknown;
      return {
        async validationDidStart(request) {
          const { schema, document } = request;
          try {
            // It takes less time than validation, which most of these limits keep short.
            size = measure(request, document, factsOf(document, facts), brokenDocumentLimits(document));
          } catch (error) {
            // Apollo can refuse nothing here: it validates what is empty instead.
            refusal = error;
            Object.assign(request, { document: empty });
          }
          return async (errors) => retellBadLiterals(schema, document, errors);
        },
        async didResolveOperation(request) {
          if (refusal) throw refusal;
          const { schema, document, operation, operationName, contextValue } = request;
          const known = factsOf(document, facts);
          size ??= measure(request, document, known);
          nameInLog(operationName);
          if (!operation) return;
          refuseMissingRoot(schema, operation);
          if (contextValue.viewer === null) refuseClosedFields(operation, known.fragments, closed);
          known.illFormedLiterals ??= findIllFormedLiterals(document);
          const variables = request.request.variables ?? {};
          const problems = inputProblems(schema, document, operation, variables, known.illFormedLiterals);
          if (problems.length > 0) throw refuse(badUserInput(problems));
          documents.keep(document);
        },
        async willSendResponse(request) {
          tellRetryAfter(request);
          if (size && request.request.http?.headers.has(costHeader)) tellCost(request, size.cost);
        },
      };
    },
  };
}

/** Apollo answers with what this array holds after the hook. */
function retellBadLiterals(schema: GraphQLSchema, document: DocumentNode, errors: readonly Error[] = []): void {
  const problems = literalProblems(schema, document, errors);
  if (problems.size === 0) return;
  const others = errors.filter((error) => !problems.has(error));
  (errors as Error[]).splice(0, errors.length, refuse(badUserInput([...problems.values()])), ...others);
}

/** graphql-js finds this out only when it executes. */
function refuseMissingRoot(schema: GraphQLSchema, { operation }: OperationDefinitionNode): void {
  if (schema.getRootType(operation)) return;
  throw refuse(new AppError(ErrorCode.GRAPHQL_VALIDATION_FAILED, `This API has no ${operation}s.`));
}

/** A name goes into every log line of its request. */
function refuseLongName(asked: string | undefined, own: string | null | undefined): void {
  if ((asked ?? own ?? '').length <= limits.operationName) return;
  const message = `An operation's name has at most ${limits.operationName} characters.`;
  throw refuse(new AppError(ErrorCode.BAD_REQUEST, message));
}

function nameInLog(operationName: string | null): void {
  const scope = requestScope();
  if (scope && operationName) scope.operationName = operationName;
}

/** @throws QUERY_TOO_COMPLEX with all limits that are broken, those of the document itself included */
function measure(
  { schema, request }: GraphQLRequestContext<Context>,
  document: DocumentNode,
  { fragments, sizes }: DocumentFacts,
  brokenByDocument: readonly string[] = [],
): OperationSize | undefined {
  const operation = getOperationAST(document, request.operationName) ?? undefined;
  refuseLongName(request.operationName, operation?.name?.value);
  const variables = request.variables ?? {};
  const size = operation && sizes.of(schema, fragments, operation, variables);
  refuseTooComplex([...brokenByDocument, ...(size ? brokenLimits(size) : []), ...brokenVariableLimits(variables)]);
  return size;
}

function refuseTooComplex(broken: readonly string[]): void {
  if (broken.length === 0) return;
  throw refuse(new AppError(ErrorCode.QUERY_TOO_COMPLEX, `This operation asks for too much: ${broken.join(', ')}.`));
}

/** RFC 6750 3.1: a request without credentials learns the scheme, and no error code. */
function refuseClosedFields(
  operation: OperationDefinitionNode,
  fragments: Fragments,
  closed: ReadonlySet<string>,
): void {
  if (!namesClosedField(operation, fragments, closed)) return;
  throw refuse(new AppError(ErrorCode.UNAUTHENTICATED, 'Log in to do this.'), { 'www-authenticate': 'Bearer' });
}

function factsOf(document: DocumentNode, known: WeakMap<DocumentNode, DocumentFacts>): DocumentFacts {
  const existing = known.get(document);
  if (existing) return existing;
  const definitions = document.definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
  const fragments = new Map(definitions.map((fragment) => [fragment.name.value, fragment]));
  const facts = { fragments, sizes: new KnownSizes() };
  known.set(document, facts);
  return facts;
}

/** RFC 9110 10.2.3, for clients and proxies that read no errors: when the last of what failed can be tried again. */
function tellRetryAfter({ response }: GraphQLRequestContextWillSendResponse<Context>): void {
  if (response.body.kind !== 'single') return;
  const { errors = [] } = response.body.singleResult;
  const seconds = errors.map(({ extensions }) => Number(extensions?.retryAfter ?? 0));
  if (seconds.some((wait) => wait > 0)) response.http.headers.set('retry-after', String(Math.max(...seconds)));
}

function tellCost({ response }: GraphQLRequestContextWillSendResponse<Context>, cost: number): void {
  if (response.body.kind !== 'single') return;
  const { singleResult } = response.body;
  singleResult.extensions = { ...singleResult.extensions, cost: { requested: cost, maximum: limits.cost } };
}
