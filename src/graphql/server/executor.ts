import { setFlagsFromString } from 'node:v8';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from './context.ts';
import type { DocumentStore } from './document-store.ts';

type Gateway = NonNullable<ApolloServerOptionsWithGateway<Context>['gateway']>;
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/** Executes one operation of a document for a request. */
type Execute = (
  asked: Pick<ExecutionArgs, 'operationName' | 'contextValue' | 'variableValues'>,
) => ExecutionResult | Promise<ExecutionResult>;

// Resolvers already return serialized leaves: checking each took two thirds of a page's memory.
const options = { disablingCapturingStackErrors: true, disableLeafSerialization: true };

/**
 * The options for Apollo to execute operations with graphql-jit. Apollo accepts an executor only as part of a "gateway", although
 * there is none. An operation is compiled when it is sent again, because compiling takes three times as long as one execution by
 * graphql-js; until then, and if the results of graphql-jit would differ, graphql-js executes it. The compiled function is
 * cached with the parsed document, and included in its size (see DocumentStore).
 */
export function compilingExecutor(schema: GraphQLSchema, documents: DocumentStore): { readonly gateway: Gateway } {
  // graphql-jit generates source text. V8 caches these texts, half a megabyte each, in case one is compiled again, until
  // memory runs short; but none is.
  setFlagsFromString('--no-compilation-cache');
  const seen = new WeakMap<DocumentNode, Execute | null>();
  const executeOf = (document: DocumentNode, operation: OperationDefinitionNode): Execute => {
    const known = seen.get(document);
    if (known) return known;
    const byGraphqlJs: Execute = (asked) => execute({ schema, document, ...asked });
    // graphql-jit compiles a subscription to a stream of events, not to an execution.
    const isCompiled = known === null && operation.operation !== 'subscription' && isAlike(document);
    if (isCompiled) documents.countCompiled(document);
    const byBest = isCompiled ? compile(schema, document, operation, byGraphqlJs) : byGraphqlJs;
    seen.set(document, known === null ? byBest : null);
    return byBest;
  };
  const executor: Executor = async ({ document, operation, request, context }) => {
    const { operationName = null, variables = {} } = request;
    const asked = { operationName, contextValue: context, variableValues: variables };
    // Undefined, despite its type, if the document lacks the named operation: graphql-js reports that.
    return operation ? executeOf(document, operation)(asked) : execute({ schema, document, ...asked });
  };
  return {
    gateway: {
      onSchemaLoadOrUpdate(callback) {
        callback({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => {};
      },
      load: async () => ({ executor }),
      stop: async () => {},
    },
  };
}

function compile(
  schema: GraphQLSchema,
  document: DocumentNode,
  { name, operation }: OperationDefinitionNode,
  byGraphqlJs: Execute,
): Execute {
  const compilation = compileQuery(schema, document, name?.value ?? '', options);
  if (!isCompiledQuery(compilation)) return byGraphqlJs;
  return async (asked) => {
    const { data, errors } = await compilation.query(undefined, asked.contextValue, asked.variableValues ?? {});
    if (!errors) return { data: data ?? null };
    const reported = firstOfEachNull(data, errors);
    // A mutation cannot be executed twice.
    if (!reported && operation === 'query') return byGraphqlJs(asked);
    return { data: data ?? null, errors: (reported ?? errors).map(asGraphQLError) };
  };
}

/**
 * Whether graphql-jit is used, and has the same results as graphql-js. Excluded are: documents with several operations, whose
 * fragments would be compiled for each; introspection; names with a meaning in the compiled code; fragments that are spread
 * twice, whose copies double with each level and whose directives it confuses; required variables with a default, which it
 * reports as missing.
 */
function isAlike(document: DocumentNode): boolean {
  let isAlike = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION).length === 1;
  const spread = new Set<string>();
  visit(document, {
    FragmentSpread: ({ name }) => {
      if (spread.has(name.value)) isAlike = false;
      spread.add(name.value);
    },
    VariableDefinition: ({ variable, type, defaultValue }) => {
      if (variable.name.value in Object.prototype || (type.kind === 'NonNullType' && defaultValue)) isAlike = false;
    },
    Name: ({ value }) => {
      if (value.startsWith('__') && value !== '__typename') isAlike = false;
    },
  });
  return isAlike;
}

/**
 * The errors that graphql-js would report: of several errors that cause the same null, only the first.
 * @returns null if errors of different fields lie below one null: some may have caused another null below that
 */
function firstOfEachNull(data: unknown, errors: readonly GraphQLError[]): GraphQLError[] | null {
  const groups = [...Map.groupBy(errors, ({ path }) => nullAbove(data, path ?? [])).values()];
  const fieldOf = ({ path }: GraphQLError) => String(path?.filter((key) => typeof key === 'string'));
  const isOneField = groups.every((group) => new Set(group.map(fieldOf)).size === 1);
  return isOneField ? groups.flatMap((group) => group.slice(0, 1)) : null;
}

function nullAbove(data: unknown, [key, ...below]: readonly (string | number)[]): string {
  if (!data || key === undefined) return '';
  return `${key},${nullAbove((data as Record<string | number, unknown>)[key], below)}`;
}

/** graphql-jit's errors look like graphql-js's, but lack the extensions that Apollo reads. */
function asGraphQLError(error: GraphQLError): GraphQLError {
  const { message, locations, path, originalError } = error;
  const value = { value: locations, enumerable: true };
  return Object.defineProperty(new GraphQLError(message, { path, originalError }), 'locations', value);
}
