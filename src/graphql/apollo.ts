import { ApolloServer } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLSchema } from 'graphql';
import type { Config } from '../config.ts';
import type { Logger } from '../observability/logger.ts';
import type { Context } from './context.ts';
import { DocumentStore, DocumentTexts } from './document-store.ts';
import { compilingExecutor } from './executor.ts';
import { createFormatError } from './format-error.ts';
import { createGate } from './gate.ts';
import { limits } from './limits.ts';

/** Apollo Server with nothing left to NODE_ENV or to variables that it reads by itself. */
export function createApollo(
  schema: GraphQLSchema,
  logger: Logger,
  isIntrospectable: boolean,
  executor: Config['executor'],
): ApolloServer<Context> {
  const documents = new DocumentStore();
  return new ApolloServer<Context>({
    ...(executor === 'graphql-jit' ? compilingExecutor(schema, documents) : { schema }),
    logger,
    nodeEnv: 'production',
    parseOptions: { maxTokens: limits.tokens },
    documentStore: documents,
    // Validation ends at the next one, and says so in one more.
    validationOptions: { maxErrors: limits.validationErrors - 1, hideSuggestions: !isIntrospectable },
    persistedQueries: { cache: new DocumentTexts() },
    introspection: isIntrospectable,
    // Suggestions of names spell out the schema as introspection does.
    hideSchemaDetailsFromClientErrors: !isIntrospectable,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // A page of another origin can send none of these without asking first, which CORS answers. The last is the token's:
    // clients that send short queries by GET, as urql does, need nothing else.
    csrfPrevention: { requestHeaders: ['x-apollo-operation-name', 'apollo-require-preflight', 'authorization'] },
    formatError: createFormatError(logger),
    plugins: [createGate(documents), ApolloServerPluginCacheControlDisabled(), ApolloServerPluginLandingPageDisabled()],
  });
}
