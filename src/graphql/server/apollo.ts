import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import type { Config } from '../../config.ts';
import type { Logger } from '../../observability/logger.ts';
import { limits } from '../checks/limits.ts';
import { createRequestChecks } from '../checks/request-checks.ts';
import type { Context } from './context.ts';
import { DocumentStore } from './document-store.ts';
import { compilingExecutor } from './executor.ts';
import { createFormatError } from './format-error.ts';

/** Bytes of all automatically persisted queries. */
const maximumTexts = 3_000_000;

/** Apollo Server, configured so that it depends on neither NODE_ENV nor other environment variables. */
export function createApollo(schema: GraphQLSchema, logger: Logger, config: Config): ApolloServer<Context> {
  const { introspection, executor } = config;
  const documents = new DocumentStore();
  return new ApolloServer<Context>({
    ...(executor === 'graphql-jit' ? compilingExecutor(schema, documents) : { schema }),
    logger,
    nodeEnv: 'production',
    parseOptions: { maxTokens: limits.tokens },
    documentStore: documents,
    // Past the maximum, validation stops and adds one more error that says so.
    validationOptions: { maxErrors: limits.validationErrors - 1, hideSuggestions: !introspection },
    persistedQueries: { cache: textCache() },
    introspection,
    // Suggestions of names reveal the schema like introspection.
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // A page of another origin cannot send these without a CORS preflight. With the last one, the token's, clients that send
    // short queries by GET, such as urql, need no other header.
    csrfPrevention: { requestHeaders: ['x-apollo-operation-name', 'apollo-require-preflight', 'authorization'] },
    formatError: createFormatError(logger),
    plugins: [
      createRequestChecks(documents),
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
    ],
  });
}

function textCache() {
  const texts = new LRUCache<string, string>({ maxSize: maximumTexts, sizeCalculation: ({ length }) => 2 * length });
  return {
    get: async (key: string) => texts.get(key),
    set: async (key: string, text: string) => void texts.set(key, text),
    delete: async (key: string) => texts.delete(key),
  };
}
