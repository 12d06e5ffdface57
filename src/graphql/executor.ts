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
import type { Logger } from '../observability/logger.ts';
import type { Context } from './context.ts';
import { createPrintQuery } from './printing/print-query.ts';

type Gateway = NonNullable<ApolloServerOptionsWithGateway<Context>['gateway']>;
type Executor = NonNullable<Awaited<ReturnType<Gateway['load']>>['executor']>;

/** A request's own part of an execution. */
interface Asked {
  readonly contextValue: Context;
  readonly variableValues: Readonly<Record<string, unknown>>;
}

/** Runs one operation of a document. */
type Run = (asked: Asked) => ExecutionResult | Promise<ExecutionResult>;

/**
 * Runs an operation by a function that is made for it: a query by one that prints the answer (see createPrintQuery), all
 * else by one that graphql-jit compiles. Making one takes three times as long as graphql-js takes to walk the operation
 * once, so that it is made for a document that is seen again; until then, and where none can be made, graphql-js runs it.
 * What is made lives as long as Apollo keeps the parsed document, whose cache is bounded.
 */
export function createExecutor(schema: GraphQLSchema, logger: Logger): Gateway {
  const known = new WeakMap<DocumentNode, Map<OperationDefinitionNode, Run>>();
  const runOf = (document: DocumentNode, operation: OperationDefinitionNode): Run => {
    const runs = known.get(document);
    if (!runs) {
      known.set(document, new Map());
      return walker(schema, document, operation.name?.value);
    }
    const run = runs.get(operation) ?? makeRun(schema, document, operation, logger);
    runs.set(operation, run);
    return run;
  };
  const executor: Executor = async ({ document, operation, request, context }) => {
    // Whatever its type says, there is none where the request names one that the document lacks: graphql-js tells it.
    const run = operation ? runOf(document, operation) : walker(schema, document, request.operationName);
    return run({ contextValue: context as Context, variableValues: request.variables ?? {} });
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
function walker(schema: GraphQLSchema, document: DocumentNode, operationName: string | null = null): Run {
  return (asked) => execute({ schema, document, operationName, ...asked });
}

function makeRun(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  logger: Logger,
): Run {
  const walk = walker(schema, document, operation.name?.value);
  if (!isPlain(document)) return walk;
  const print = createPrintQuery(schema, document, operation);
  if (print === null) return compiled(schema, document, operation) ?? walk;
  return async (asked) => {
    try {
      return await print(asked.contextValue, asked.variableValues);
    } catch (error) {
      // What is left of the answer, graphql-js finds out. Reading again does no harm; told, so that it does not last.
      logger.error({ err: error }, 'a bug: this query could not be printed, and is run anew');
      return walk(asked);
    }
  };
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
 * What stays with graphql-js: introspection, which gains nothing; names that mean something else in compiled code; a
 * fragment that is spread twice, whose copies double with each level and whose directives graphql-jit mixes up; and
 * required variables with a default, which it takes for missing.
 */
function isPlain(document: DocumentNode): boolean {
  let isPlain = true;
  const spread = new Set<string>();
  visit(document, {
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
  return isPlain;
}

/** graphql-jit's errors look like graphql-js's, but lack the extensions that Apollo reads. */
function asGraphQLError(error: GraphQLError): GraphQLError {
  const { message, locations, path, originalError } = error;
  const rebuilt = new GraphQLError(message, { path, originalError });
  Object.defineProperty(rebuilt, 'locations', { value: locations, enumerable: true });
  return rebuilt;
}
