import { setFlagsFromString } from 'node:v8';
import type { ApolloServerOptionsWithGateway } from '@apollo/server';
import {
  type DocumentNode,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  type OperationDefinitionNode,
  visit,
} from 'graphql';
import { compileQuery, isCompiledQuery } from 'graphql-jit';
import type { Context } from './context.ts';
import type { DocumentStore } from './document-store.ts';
import { createPrintQuery } from './printing/print-query.ts';

// graphql-jit compiles from text, and V8 keeps the texts, half a megabyte each, in case one is compiled again, until memory
// runs short. None is.
setFlagsFromString('--no-compilation-cache');

type Gateway = NonNullable<ApolloServerOptionsWithGateway<Context>['gateway']>;
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/** A request's own part of an execution. */
interface Asked {
  readonly operationName: string | null;
  readonly contextValue: Context;
  readonly variableValues: Readonly<Record<string, unknown>>;
}

/** Runs one operation of a document. */
type Run = (asked: Asked) => ExecutionResult | Promise<ExecutionResult>;

/**
 * Runs an operation by a function that is made for it: a query by one that prints the answer (see createPrintQuery), all
 * else by one that graphql-jit compiles. Making one takes three times as long as graphql-js takes to walk the operation
 * once, so that it is made for a document that is seen again; until then, and where none can be made, graphql-js runs it.
 * What is made lives as long as the parsed document is kept, which counts it (see DocumentStore).
 */
export function createExecutor(schema: GraphQLSchema, documents: DocumentStore): Gateway {
  const seen = new WeakMap<DocumentNode, Run | null>();
  const runOf = (document: DocumentNode, operation: OperationDefinitionNode): Run => {
    const known = seen.get(document);
    if (known) return known;
    const run = known === null ? makeRun(schema, document, operation, documents) : null;
    seen.set(document, run);
    return run ?? walker(schema, document);
  };
  const executor: Executor = async ({ document, operation, request, context }) => {
    // Undefined, whatever its type says, where the document lacks the named operation: graphql-js reports that.
    const run = operation ? runOf(document, operation) : walker(schema, document);
    const { operationName = null, variables = {} } = request;
    return run({ operationName, contextValue: context as Context, variableValues: variables });
  };
  // Apollo calls an executor of one's own only through what it knows as a gateway.
  return {
    onSchemaLoadOrUpdate(callback) {
      callback({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    load: async () => ({ executor }),
    stop: async () => {},
  };
}

/** Runs an operation as graphql-js does. */
function walker(schema: GraphQLSchema, document: DocumentNode): Run {
  return (asked) => execute({ schema, document, ...asked });
}

function makeRun(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  documents: DocumentStore,
): Run {
  if (!isPlain(document)) return walker(schema, document);
  const print = createPrintQuery(schema, document, operation);
  if (print) return ({ contextValue, variableValues }) => print(contextValue, variableValues);
  documents.countCompiled(document);
  return compiled(schema, document, operation) ?? walker(schema, document);
}

function compiled(schema: GraphQLSchema, document: DocumentNode, { name }: OperationDefinitionNode): Run | null {
  const compilation = compileQuery(schema, document, name?.value ?? '', { disablingCapturingStackErrors: true });
  if (!isCompiledQuery(compilation)) return null;
  return async ({ contextValue, variableValues }) => {
    const { data, errors } = await compilation.query(undefined, contextValue, variableValues);
    return { data: data ?? null, ...(errors ? { errors: errors.map(asGraphQLError) } : {}) };
  };
}

/**
 * What stays with graphql-js: documents of several operations, whose fragments would be compiled for each; introspection,
 * which gains nothing; names that mean something else in compiled code; a fragment that is spread twice, whose copies
 * double with each level and whose directives graphql-jit mixes up; and required variables with a default, which it takes
 * for missing.
 */
function isPlain(document: DocumentNode): boolean {
  let isPlain = true;
  let operations = 0;
  const spread = new Set<string>();
  visit(document, {
    OperationDefinition: () => {
      operations += 1;
    },
    FragmentSpread: ({ name }) => {
      if (spread.has(name.value)) isPlain = false;
      spread.add(name.value);
    },
    VariableDefinition: ({ variable, type, defaultValue }) => {
      if (variable.name.value in Object.prototype || (type.kind === 'NonNullType' && defaultValue)) isPlain = false;
    },
    Name: ({ value }) => {
      if (value.startsWith('__') && value !== '__typename') isPlain = false;
    },
  });
  return isPlain && operations === 1;
}

/** graphql-jit's errors look like graphql-js's, but lack the extensions that Apollo reads. */
function asGraphQLError(error: GraphQLError): GraphQLError {
  const { message, locations, path, originalError } = error;
  const rebuilt = new GraphQLError(message, { path, originalError });
  Object.defineProperty(rebuilt, 'locations', { value: locations, enumerable: true });
  return rebuilt;
}
