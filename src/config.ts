import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { StartError } from './errors.ts';
import {
  parseDuration,
  parseHost,
  parseInteger,
  parseOrigins,
  parseProxies,
  parseSecret,
  parseSwitch,
} from './setting-values.ts';
import { parseDatabaseUrl } from './settings/database-url.ts';
import { type EnvFile, misspelt, readEnvFile } from './settings/env-file.ts';

/** Settings that both modes share. Times are seconds. */
interface CommonConfig {
  readonly port: number;
  readonly host: string;
  readonly databasePoolSize: number;
  /** Whether statements are prepared under names, which PgBouncer before 1.21 does not pass on. */
  readonly databasePrepared: boolean;
  /** Absolute. Holds the local PostgreSQL and the local secret. */
  readonly dataDir: string;
  readonly jwtSecretPrevious: string | null;
  readonly accessTokenTtl: number;
  /** Life of a refresh token, from when it is given out. */
  readonly refreshTokenTtl: number;
  /** Life of a session, however often it is refreshed. */
  readonly sessionMaxAge: number;
  readonly bcryptCost: number;
  /** Password hashes that may be computed at the same time. */
  readonly bcryptAtOnce: number;
  /** Accounts that may be made from one place in an hour. */
  readonly signUpsPerHour: number;
  /** Addresses, ranges and names of ranges of the proxies whose X-Forwarded-For is believed. */
  readonly trustProxy: readonly string[];
  /** How long what was deleted stays in the trash before it is purged. */
  readonly trashRetention: number;
  /** How long a connection is kept open for its next request. */
  readonly keepAliveTimeout: number;
  /** Origins whose pages may call the API; null: any page on this machine (local mode's default). */
  readonly corsOrigins: readonly string[] | null;
  readonly logLevel: LogLevel;
  /** Whether clients may ask for the schema, and are helped with names that it does not have. */
  readonly introspection: boolean;
  /** Whether browsers are shown GraphiQL at /graphql. */
  readonly ide: boolean;
  /** Whether browsers are shown the page at /. */
  readonly web: boolean;
}

/** Without DATABASE_URL: a PostgreSQL of our own in `dataDir`, and a secret made and kept there. */
export interface LocalConfig extends CommonConfig {
  readonly databaseUrl: null;
  readonly jwtSecret: string | null;
}

/** With DATABASE_URL: nothing is made up, the secret is required. */
export interface ServerConfig extends CommonConfig {
  readonly databaseUrl: string;
  readonly jwtSecret: string;
}

export type Config = LocalConfig | ServerConfig;

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

type SettingName = (typeof settingNames)[number];

type Environment = Readonly<Record<string, string | undefined>>;

const settingNames = [
  'ACCESS_TOKEN_TTL',
  'BCRYPT_COST',
  'CORS_ORIGINS',
  'DATABASE_POOL_SIZE',
  'DATABASE_PREPARED',
  'DATABASE_URL',
  'DATA_DIR',
  'HOST',
  'IDE',
  'INTROSPECTION',
  'JWT_SECRET',
  'JWT_SECRET_PREVIOUS',
  'KEEP_ALIVE_TIMEOUT',
  'LOG_LEVEL',
  'PORT',
  'REFRESH_TOKEN_TTL',
  'SESSION_MAX_AGE',
  'SIGNUPS_PER_HOUR',
  'TRASH_RETENTION',
  'TRUST_PROXY',
  'UV_THREADPOOL_SIZE',
  'WEB',
] as const;

/**
 * The process's environment, completed from `.env` in the working directory where there is one. What in either was probably
 * meant otherwise is written to standard error.
 * @throws StartError where `.env` cannot be read
 */
export function environment(): Environment {
  const { UV_THREADPOOL_SIZE } = process.env;
  const { values, warnings } = envFile();
  const unset = settingNames.filter((name) => process.env[name] === undefined && values[name] === undefined);
  const others = Object.keys(process.env).filter((name) => !settingNames.some((known) => known === name));
  for (const warning of [...warnings, ...others.flatMap((name) => misspelt(name, unset))]) console.error(warning);
  Object.assign(process.env, { ...values, ...process.env });
  return { ...process.env, UV_THREADPOOL_SIZE };
}

function envFile(): EnvFile {
  const file = '.env';
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return { values: {}, warnings: [] };
  try {
    const { values, warnings } = readEnvFile(file, settingNames);
    // Node.js has made its threads by now.
    const late =
      values.UV_THREADPOOL_SIZE === undefined
        ? []
        : [`${file}: UV_THREADPOOL_SIZE has no effect here. Set it in the environment.`];
    return { values, warnings: [...warnings, ...late] };
  } catch (error) {
    throw new StartError(`${file} ${(error as Error).message}`);
  }
}

/**
 * Reads every setting and reports all problems at once.
 * @throws StartError naming each variable that does not fit
 */
export function loadConfig(env: Environment): Config {
  const problems: string[] = [];
  const read = <T>(name: SettingName, fallback: T, parse: (value: string) => T): T => {
    const value = env[name]?.trim();
    if (!value) return fallback;
    try {
      return parse(value);
    } catch (error) {
      problems.push(`${name} ${(error as Error).message}`);
      return fallback;
    }
  };
  const isLocal = !env.DATABASE_URL?.trim();
  const databaseUrl = read('DATABASE_URL', '', parseDatabaseUrl);
  const jwtSecret = read('JWT_SECRET', '', parseSecret);
  if (!isLocal && !env.JWT_SECRET?.trim()) {
    problems.push('JWT_SECRET is required with DATABASE_URL; make one with: openssl rand -base64 48');
  }
  const common: CommonConfig = {
    port: read('PORT', 4000, (value) => parseInteger(value, 0, 65_535)),
    host: read('HOST', isLocal ? '127.0.0.1' : '0.0.0.0', parseHost),
    // At least 2: reads keep one, and leave half to changes.
    databasePoolSize: read('DATABASE_POOL_SIZE', 10, (value) => parseInteger(value, 2, 1_000)),
    databasePrepared: read('DATABASE_PREPARED', true, parseSwitch),
    dataDir: resolve(read('DATA_DIR', '.data', String)),
    jwtSecretPrevious: read('JWT_SECRET_PREVIOUS', null, parseSecret),
    accessTokenTtl: read('ACCESS_TOKEN_TTL', 7 * 86_400, parseDuration),
    refreshTokenTtl: read('REFRESH_TOKEN_TTL', 30 * 86_400, parseDuration),
    sessionMaxAge: read('SESSION_MAX_AGE', 180 * 86_400, parseDuration),
    // 12 is the cost of the design this API grew from; OWASP's password storage cheat sheet asks for at least 10.
    bcryptCost: read('BCRYPT_COST', 12, (value) => parseInteger(value, 10, 16)),
    bcryptAtOnce: read('UV_THREADPOOL_SIZE', hashesAtOnce(4), (value) => hashesAtOnce(parseInteger(value, 3, 1_024))),
    // Locally it is the tests of a front end that sign up hundreds of users an hour.
    signUpsPerHour: read('SIGNUPS_PER_HOUR', isLocal ? 100_000 : 20, (value) => parseInteger(value, 1, 100_000)),
    trustProxy: read('TRUST_PROXY', [], parseProxies),
    trashRetention: read('TRASH_RETENTION', 30 * 86_400, parseDuration),
    // Over the 60 seconds for which most load balancers keep theirs: who closes first should be the one that sends.
    keepAliveTimeout: read('KEEP_ALIVE_TIMEOUT', 72, (value) => parseDuration(value, 86_400)),
    corsOrigins: read('CORS_ORIGINS', isLocal ? null : [], parseOrigins),
    introspection: read('INTROSPECTION', isLocal, parseSwitch),
    ide: read('IDE', isLocal, parseSwitch),
    web: read('WEB', true, parseSwitch),
    logLevel: read('LOG_LEVEL', isLocal ? 'warn' : 'info', parseLogLevel),
  };
  if (problems.length > 0) {
    throw new StartError(`The configuration does not fit:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
  return Object.freeze(
    isLocal ? { ...common, databaseUrl: null, jwtSecret: jwtSecret || null } : { ...common, databaseUrl, jwtSecret },
  );
}

/**
 * One core stays free for everything else, and so do two threads of Node's pool (4 unless told otherwise), through which
 * look-ups of names and files go.
 */
function hashesAtOnce(threads: number): number {
  return Math.max(1, Math.min(availableParallelism() - 1, threads - 2));
}

function parseLogLevel(value: string): LogLevel {
  const level = logLevels.find((known) => known === value.toLowerCase());
  if (!level) throw new Error(`must be one of ${logLevels.join(', ')}`);
  return level;
}
