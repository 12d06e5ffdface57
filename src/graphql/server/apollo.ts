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

/** Bytes of all texts that clients have registered, to name them by their hashes from then on. */
const maximumTexts = 3_000_000;

/** Apollo Server with nothing left to NODE_ENV or to variables that it reads by itself. */
export function createApollo(schema: GraphQLSchema, logger: Logger, config: Config): ApolloServer<Context> {
  const { introspection, executor } = config;
  const documents = new DocumentStore();
  return new ApolloServer<Context>({
    ...(executor === 'graphql-jit' ? compilingExecutor(schema, documents) : { schema }),
    logger,
    nodeEnv: 'production',
    parseOptions: { maxTokens: limits.tokens },
    documentStore: documents,
    // Validation ends at the next one, and says so in one more.
    validationOptions: { maxErrors: limits.validationErrors - 1, hideSuggestions: !introspection },
    persistedQueries: { cache: textCache() },
    introspection,
    // Suggestions of names spell out the schema as introspection does.
    hideSchemaDetailsFromClientErrors: !introspection,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // A page of another origin can send none of these without asking first, which CORS answers. The last is the token's:
    // clients that send short queries by GET, as urql does, need nothing else.
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
