import { randomBytes } from 'node:crypto';
import { Writable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, inject } from 'vitest';
import { type App, startApp } from '../../src/app.ts';
import type { ServerConfig } from '../../src/config.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { Client } from './client.ts';
import { closeConnections } from './connections.ts';
import { createDatabase, databaseUrl, dropDatabase } from './databases.ts';
import { requireRevisions } from './revision-triggers.ts';

export const testSecret = randomBytes(48).toString('base64');

/** bcrypt's minimum, because the tests sign up hundreds of users. What depends on the cost is tested with the real one. */
const testConfig: Omit<ServerConfig, 'databaseUrl'> = Object.freeze({
  port: 0,
  host: '127.0.0.1',
  databasePoolSize: 10,
  databasePrepared: true,
  databaseDirectUrl: null,
  rowSecurity: process.env.ROW_SECURITY === 'on',
  dataDir: '/nonexistent',
  jwtSecret: testSecret,
  jwtSecretPrevious: null,
  accessTokenTtl: 604_800,
  refreshTokenTtl: 30 * 86_400,
  sessionMaxAge: 180 * 86_400,
  bcryptCost: 4,
  bcryptAtOnce: 2,
  signup: true,
  signUpsPerHour: 20,
  smtpUrl: null,
  mailFrom: null,
  publicUrl: null,
  mailLinksUrl: null,
  appName: 'todoql',
  trustProxy: ['loopback'],
  trashRetention: 30 * 86_400,
  jobs: true,
  keepAliveTimeout: 72,
  maxSubscriptions: 5_000,
  corsOrigins: [],
  executor: process.env.EXECUTOR === 'graphql-js' ? 'graphql-js' : 'graphql-jit',
  logLevel: 'trace',
  introspection: true,
  ide: false,
  web: false,
});

/** The real server, on its own database. */
export interface TestServer {
  readonly url: string;
  readonly databaseUrl: string;
  /** The log so far. */
  logs(): string;
  /** An anonymous client. */
  client(): Client;
  /** Signs up a new user. @returns the user's client */
  newUser(): Promise<Client>;
  /** Runs SQL on the database, bypassing the API: to move a timestamp back, for example. */
  sql<Row extends Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** Starts the real server on an existing database. @param sink receives the log */
export function startServer(
  databaseUrl: string,
  overrides: Partial<ServerConfig> = {},
  sink = discard(),
): Promise<App> {
  const config = { ...testConfig, databaseUrl, ...overrides };
  return startApp(config, createLogger(config.logLevel, sink));
}

/** Keeps what a server logs. */
export class LogSink extends Writable {
  text = '';

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk;
    done();
  }
}

function discard(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}

/**
 * Declares a server for the tests of a file or a `describe`: started before them, stopped after them.
 * @param route maps the URL of the database to the one that the server uses, such as that of a proxy
 */
export function useServer(
  overrides: Partial<ServerConfig> = {},
  route: (databaseUrl: string) => Promise<string> = async (url) => url,
): TestServer {
  const adminUrl = inject('adminUrl');
  let database: string;
  let app: App;
  let pool: pg.Pool;
  const sink = new LogSink();
  const address = (): string => databaseUrl(adminUrl, database);

  beforeAll(async () => {
    database = await createDatabase(adminUrl, inject('template'));
    await requireRevisions(address());
    pool = new pg.Pool({ connectionString: address(), max: 4 });
    // Tests end connections, including this pool's; the pool opens new ones.
    pool.on('error', () => {});
    // Hints may be sent at any time, and must not be what a proxy disturbs.
    const direct = { databaseDirectUrl: address(), ...overrides };
    app = await startServer(await route(address()), direct, sink);
  });
  afterAll(async () => {
    closeConnections();
    await app?.stop();
    await pool?.end();
    await dropDatabase(adminUrl, database);
  });

  return {
    get url() {
      return app.url;
    },
    get databaseUrl() {
      return address();
    },
    logs: () => sink.text,
    client: () => new Client(app.url),
    newUser: () => Client.signUp(app.url),
    sql: async (text, values) => (await pool.query(text, values)).rows,
  };
}
