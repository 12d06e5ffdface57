import type { ApolloServer } from '@apollo/server';
import type { FastifyRequest } from 'fastify';
import { byAccessToken, createAuthenticate } from './auth/authenticate.ts';
import { AccountMail } from './auth/email/account-mail.ts';
import { EmailTokens } from './auth/email/email-tokens.ts';
import { Passwords } from './auth/passwords/passwords.ts';
import { createViewerLoader } from './auth/sessions/viewers.ts';
import { PerNetworkConcurrency } from './auth/throttling/per-network-concurrency.ts';
import { AccessTokens } from './auth/tokens/access-tokens.ts';
import { RefreshTokens } from './auth/tokens/refresh-tokens.ts';
import type { Config, LocalConfig, ServerConfig } from './config.ts';
import { type LocalPostgres, startLocalPostgres } from './database/local/postgres.ts';
import type { ServiceDatabase } from './database/service-database.ts';
import { AppError, ErrorCode } from './errors.ts';
import { refuseLongText } from './graphql/checks/document-length.ts';
import { createApollo } from './graphql/server/apollo.ts';
import { Context } from './graphql/server/context.ts';
import { refuse } from './graphql/server/refusal.ts';
import { Connections } from './http/connections.ts';
import { addGraphqlRoute } from './http/graphql-route.ts';
import { listen } from './http/listen.ts';
import type { Incoming } from './http/live/graphql-api.ts';
import type { LiveState } from './http/live/live-operation.ts';
import { WebSockets } from './http/live/web-sockets.ts';
import { addProbes } from './http/probes.ts';
import { addSchemaRoute } from './http/schema-route.ts';
import { clientOf, createHttpServer } from './http/server.ts';
import type { Jobs } from './jobs/jobs.ts';
import { ChangeHints } from './live/change-hints.ts';
import { Subscribers } from './live/subscribers.ts';
import { createMailer, type Mailer } from './mail/mailer.ts';
import type { Logger } from './observability/logger.ts';
import { createSchema, printApiSchema, requireReadableSchema } from './schema.ts';
import { localSecret } from './settings/local-secret.ts';
import { type Closers, closeAll, openDatabase } from './worker.ts';

/** A server that accepts requests. */
export interface App {
  /** Where it listens, without a trailing slash. */
  readonly url: string;
  /** Whether it serves the page. */
  readonly hasPage: boolean;
  /** Local mode's own PostgreSQL. */
  readonly localPostgres: LocalPostgres | null;
  /** Stops accepting, answers what is in flight, then closes what was opened, in reverse order. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL in local mode, then the schema's migrations, GraphQL and HTTP. @throws StartError */
export async function startApp(config: Config, logger: Logger): Promise<App> {
  const closers: Closers = [];
  try {
    const localPostgres = config.databaseUrl === null ? await startLocalPostgres(config.dataDir) : null;
    if (localPostgres) closers.push(() => localPostgres.stop());
    const serverConfig = config.databaseUrl === null ? await complete(config, localPostgres) : config;
    const listening = Promise.withResolvers<string>();
    const mailer = createMailer(config, localPostgres !== null, listening.promise);
    const accountMail =
      mailer && new AccountMail(mailer, new EmailTokens(serverConfig.jwtSecret, config.jwtSecretPrevious));
    const { serviceDatabase, jobs } = await openDatabase(serverConfig, accountMail, logger, closers);
    const served = await startHttp(serverConfig, serviceDatabase, jobs, mailer, accountMail, logger, closers);
    listening.resolve(served.url);
    if (mailer === null) logger.info('mail is off: with SMTP_URL, MAIL_FROM and PUBLIC_URL it is sent');
    // It takes a moment, and nobody waits for it.
    jobs.start();
    return { ...served, localPostgres, stop: () => closeAll(closers) };
  } catch (error) {
    await closeAll(closers);
    throw error;
  }
}

/** Adds what local mode generates: from here on there is only one mode. */
async function complete(config: LocalConfig, postgres: LocalPostgres | null): Promise<ServerConfig> {
  if (postgres === null) throw new Error('Local mode has a PostgreSQL of its own.');
  return { ...config, databaseUrl: postgres.url, jwtSecret: config.jwtSecret ?? (await localSecret(config.dataDir)) };
}

async function startHttp(
  config: ServerConfig,
  serviceDatabase: ServiceDatabase,
  jobs: Jobs,
  mailer: Mailer | null,
  accountMail: AccountMail | null,
  logger: Logger,
  closers: Closers,
): Promise<Pick<App, 'url' | 'hasPage'>> {
  const accessTokens = new AccessTokens(config.jwtSecret, config.jwtSecretPrevious);
  const authenticate = createAuthenticate([
    // Tried in this order. Add new ways to authenticate here.
    byAccessToken(accessTokens, createViewerLoader(serviceDatabase, logger)),
  ]);
  const schema = createSchema({
    serviceDatabase,
    accessTokens,
    refreshTokens: new RefreshTokens(config.jwtSecret, config.jwtSecretPrevious),
    passwords: new Passwords(config.bcryptCost, config.bcryptAtOnce),
    perNetwork: new PerNetworkConcurrency(),
    lifetimes: {
      accessToken: config.accessTokenTtl,
      refreshToken: config.refreshTokenTtl,
      session: config.sessionMaxAge,
    },
    signupEnabled: config.signup,
    signUpsPerHour: config.signUpsPerHour,
    jobs,
    accountMail,
    logger,
  });
  requireReadableSchema(schema, serviceDatabase.metadata);

  const server = createHttpServer(config, logger);
  const connections = new Connections(server);
  const apollo: ApolloServer<Context> = createApollo(schema, logger, config);
  await apollo.start();
  closers.push(() => apollo.stop());
  closers.push(() => server.close());
  const subscribers = new Subscribers(serviceDatabase, config.maxSubscriptions, logger);
  const hints = new ChangeHints(
    config.databaseDirectUrl ?? config.databaseUrl,
    serviceDatabase.jobsSchema,
    serviceDatabase.userChanges,
    (userId) => subscribers.wake(userId),
    logger,
  );
  closers.push(async () => hints.stop());
  if (mailer?.outbox) (await import('./http/outbox.ts')).addOutbox(server, mailer.outbox);
  if (config.ide) (await import('./http/ide.ts')).addIde(server, logger);
  const hasPage = config.web && (await import('./http/page.ts')).addPage(server, logger);
  addProbes(server, () => serviceDatabase.requireReady());
  const findViewer = (request: FastifyRequest) =>
    authenticate(request.raw.headersDistinct.authorization ?? [], clientOf(request)).catch(nameInvalidToken);
  addSchemaRoute(server, () => printApiSchema(schema), findViewer);
  const createContext = async ({ authorization, client, document }: Incoming, live: LiveState | null) => {
    if (live?.subscriber?.reason) throw refuse(live.subscriber.reason);
    refuseLongText(document);
    await jobs.firstTry;
    const viewer = await authenticate(authorization, client).catch(nameInvalidToken);
    if (live) live.viewer = viewer;
    return new Context(serviceDatabase, jobs, client, viewer, live);
  };
  const api = { apollo, subscribers, logger, createContext };
  const webSockets = new WebSockets(api, config);
  closers.push(async () => {
    const subscriptionsEnded = subscribers.stop();
    await Promise.all([webSockets.stop(subscriptionsEnded), connections.drain()]);
  });
  addGraphqlRoute(server, api, webSockets);
  const url = await listen(server, connections, config);
  // It takes a moment, and nobody waits for it.
  if (config.maxSubscriptions > 0) void hints.start();
  return { url, hasPage };
}

/** RFC 6750 3.1: the response to an invalid token differs from that to a missing one. */
function nameInvalidToken(error: unknown): never {
  if (!(error instanceof AppError)) throw error;
  const isInvalid = error.code === ErrorCode.UNAUTHENTICATED;
  throw refuse(error, isInvalid ? { 'www-authenticate': 'Bearer error="invalid_token"' } : {});
}
