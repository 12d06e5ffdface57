import { statSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { StartError } from './errors.ts';
import { productName } from './product-name.ts';
import {
  logLevels,
  parseDuration,
  parseHost,
  parseInteger,
  parseOneOf,
  parseOrigins,
  parseProxies,
  parseSecret,
  parseSwitch,
} from './setting-values.ts';
import { parseDatabaseUrl } from './settings/database-url.ts';
import { type EnvFile, misspelt, readEnvFile } from './settings/env-file.ts';
import { parseAppName, parseBaseUrl, parseSender, type Sender } from './settings/mail-values.ts';
import { fileSettingNames, readSettingFiles } from './settings/setting-files.ts';
import { parseSmtpUrl, type SmtpServer } from './settings/smtp-url.ts';

/** An environment variable. */
interface Setting<Value> {
  readonly name: string;
  /** @throws Error whose message continues after the name */
  readonly parse: (text: string) => Value;
  /** The defaults: in local mode, and with DATABASE_URL. */
  readonly local: Value;
  readonly server: Value;
}

function setting<Value>(name: string, parse: (text: string) => Value, local: Value, server = local): Setting<Value> {
  return { name, parse, local, server };
}

const integer = (min: number, max: number) => (text: string) => parseInteger(text, min, max);
const day = 86_400;

/** Times are seconds. */
const settings = {
  databaseUrl: setting<string | null>('DATABASE_URL', parseDatabaseUrl, null),
  jwtSecret: setting<string | null>('JWT_SECRET', parseSecret, null),
  jwtSecretPrevious: setting<string | null>('JWT_SECRET_PREVIOUS', parseSecret, null),
  port: setting('PORT', integer(0, 65_535), 4000),
  host: setting('HOST', parseHost, '127.0.0.1', '0.0.0.0'),
  // At least 2, because reads may use only half of them, but at least one.
  databasePoolSize: setting('DATABASE_POOL_SIZE', integer(2, 1_000), 10),
  /** The same database without a pooler, for LISTEN; null: DATABASE_URL. */
  databaseDirectUrl: setting<string | null>('DATABASE_DIRECT_URL', parseDatabaseUrl, null),
  /** Whether to use named prepared statements, which PgBouncer supports since 1.21. */
  databasePrepared: setting('DATABASE_PREPARED', parseSwitch, true),
  /** Whether row-level security restricts what runs for a user to that user's rows. */
  rowSecurity: setting('ROW_SECURITY', parseSwitch, false),
  /** Absolute path of the folder for the local PostgreSQL and the local secret. */
  dataDir: setting('DATA_DIR', (path) => resolve(path), resolve('.data')),
  accessTokenTtl: setting('ACCESS_TOKEN_TTL', parseDuration, 7 * day),
  /** Lifetime of a refresh token. */
  refreshTokenTtl: setting('REFRESH_TOKEN_TTL', parseDuration, 30 * day),
  /** Lifetime of a session, however often it is refreshed. */
  sessionMaxAge: setting('SESSION_MAX_AGE', parseDuration, 180 * day),
  // OWASP's password storage cheat sheet requires at least 10; 12 takes a fifth of a second.
  bcryptCost: setting('BCRYPT_COST', integer(10, 16), 12),
  /** Password hashes that may be computed at the same time. */
  bcryptAtOnce: setting('UV_THREADPOOL_SIZE', (text) => hashesAtOnce(parseInteger(text, 3, 1_024)), hashesAtOnce(4)),
  /** Whether people may create accounts themselves. */
  signup: setting('SIGNUP', parseSwitch, true),
  /** Sign-ups per network and hour. The local default is high, because tests of a front end may create many accounts. */
  signUpsPerHour: setting('SIGNUPS_PER_HOUR', integer(1, 100_000), 100_000, 20),
  /** Addresses, ranges and named ranges of the proxies whose X-Forwarded-For is trusted. */
  trustProxy: setting<readonly string[]>('TRUST_PROXY', parseProxies, []),
  /** The mail server; null: mail is off, or in local mode written to files. */
  smtpUrl: setting<SmtpServer | null>('SMTP_URL', parseSmtpUrl, null),
  mailFrom: setting<Sender | null>('MAIL_FROM', parseSender, null),
  /** Where people reach this server. */
  publicUrl: setting<string | null>('PUBLIC_URL', parseBaseUrl, null),
  /** Where the links of mails lead; null: to `publicUrl`. */
  mailLinksUrl: setting<string | null>('MAIL_LINKS_URL', parseBaseUrl, null),
  /** What mails call the product. */
  appName: setting('APP_NAME', parseAppName, productName),
  /** How long records stay in the trash before they are purged. */
  trashRetention: setting('TRASH_RETENTION', parseDuration, 30 * day),
  /** Whether this process also runs jobs, and not only adds them. */
  jobs: setting('JOBS', parseSwitch, true),
  /** How long idle connections stay open: longer than the 60 seconds of most load balancers, which should close first. */
  keepAliveTimeout: setting('KEEP_ALIVE_TIMEOUT', (text) => parseDuration(text, day), 72),
  /** Live subscriptions that this process serves at once. */
  maxSubscriptions: setting('MAX_SUBSCRIPTIONS', integer(0, 100_000), 5_000),
  /** Origins that may call the API; null: any on this machine. */
  corsOrigins: setting<readonly string[] | null>('CORS_ORIGINS', parseOrigins, null, []),
  /** Whether clients may introspect the schema; also turns on "Did you mean …" in validation errors. */
  introspection: setting('INTROSPECTION', parseSwitch, true, false),
  /** Whether browsers get GraphiQL at /graphql. */
  ide: setting('IDE', parseSwitch, true, false),
  /** Whether browsers get the web client at /. */
  web: setting('WEB', parseSwitch, true),
  /** With graphql-jit, operations are compiled when they are sent again. */
  executor: setting('EXECUTOR', parseOneOf('graphql-jit', 'graphql-js'), 'graphql-jit'),
  logLevel: setting('LOG_LEVEL', parseOneOf(...logLevels), 'warn', 'info'),
};

/** In alphabetical order. */
export const settingNames = [...Object.values(settings).map(({ name }) => name), ...fileSettingNames].sort();

type Values = { readonly [Key in keyof typeof settings]: (typeof settings)[Key]['local'] };

/** Without DATABASE_URL: todoql runs its own PostgreSQL in `dataDir`, and keeps a generated secret there. */
export type LocalConfig = Values & { readonly databaseUrl: null };

/** With DATABASE_URL: the secret is required. */
export type ServerConfig = Values & { readonly databaseUrl: string; readonly jwtSecret: string };

export type Config = LocalConfig | ServerConfig;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment, completed from `.env` and from the files that NAME_FILE names. Prints warnings about probable mistakes to
 * standard error. @throws StartError if one of these files cannot be read
 */
export function environment(): Environment {
  const { UV_THREADPOOL_SIZE } = process.env;
  const { values, warnings } = envFile('.env');
  const unset = settingNames.filter((name) => process.env[name] === undefined && values[name] === undefined);
  const others = Object.keys(process.env).filter((name) => !settingNames.includes(name));
  for (const warning of [...warnings, ...others.flatMap((name) => misspelt(name, unset))]) console.error(warning);
  Object.assign(process.env, { ...values, ...process.env });
  return { ...process.env, ...settingFiles(process.env), UV_THREADPOOL_SIZE };
}

function settingFiles(env: Environment): Environment {
  try {
    return readSettingFiles(env);
  } catch (error) {
    throw new StartError((error as Error).message);
  }
}

function envFile(file: string): EnvFile {
  if (!isFile(file)) return { values: {}, warnings: [] };
  try {
    const { values, warnings } = readEnvFile(file, settingNames);
    // Node.js has already read it.
    const late = `${file}: UV_THREADPOOL_SIZE has no effect here. Set it in the environment.`;
    return { values, warnings: values.UV_THREADPOOL_SIZE === undefined ? warnings : [...warnings, late] };
  } catch (error) {
    throw new StartError(`${file} ${(error as Error).message}`);
  }
}

/** @throws StartError if it exists, but cannot be accessed */
function isFile(file: string): boolean {
  try {
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true;
  } catch (error) {
    throw new StartError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** @throws StartError with all invalid settings */
export function loadConfig(env: Environment): Config {
  const isLocal = !env.DATABASE_URL?.trim();
  const problems: string[] = [];
  if (!isLocal && !env.JWT_SECRET?.trim()) {
    problems.push('JWT_SECRET is required with DATABASE_URL; generate one with: openssl rand -base64 48');
  }
  for (const name of env.SMTP_URL?.trim() ? ['MAIL_FROM', 'PUBLIC_URL'] : []) {
    if (!env[name]?.trim()) problems.push(`${name} is required with SMTP_URL`);
  }
  const read = ({ name, parse, local, server }: Setting<unknown>): unknown => {
    const text = env[name]?.trim();
    try {
      if (text) return parse(text);
    } catch (error) {
      problems.push(`${name} ${(error as Error).message}`);
    }
    return isLocal ? local : server;
  };
  const values = Object.entries(settings).map(([key, setting]) => [key, read(setting)]);
  if (problems.length > 0) {
    throw new StartError(`The configuration is invalid:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
  // Each value has the type of its setting, and the secret that a server needs has been checked above.
  return Object.freeze(Object.fromEntries(values)) as Config;
}

/** Leaves one core for everything else, and two threads of Node's pool for name and file lookups. */
function hashesAtOnce(threads: number): number {
  return Math.max(1, Math.min(availableParallelism() - 1, threads - 2));
}
