import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig, settingNames } from '../../src/config.ts';
import { productName } from '../../src/product-name.ts';

const secret = 'Zk3vQ8sT1xWcR7yBn5mLp0aHd9fGj2eU';
const url = 'postgresql://todoql:pw@db.example.com:5432/todoql';

test('without DATABASE_URL the server is local, with defaults for everything', () => {
  expect(loadConfig({})).toEqual({
    port: 4000,
    host: '127.0.0.1',
    databaseUrl: null,
    databasePoolSize: 10,
    databasePrepared: true,
    databaseDirectUrl: null,
    rowSecurity: false,
    dataDir: resolve('.data'),
    jwtSecret: null,
    jwtSecretPrevious: null,
    trashRetention: 2_592_000,
    jobs: true,
    accessTokenTtl: 604_800,
    refreshTokenTtl: 2_592_000,
    sessionMaxAge: 15_552_000,
    bcryptCost: 12,
    bcryptAtOnce: Math.max(1, Math.min(availableParallelism() - 1, 2)),
    signup: true,
    signUpsPerHour: 100_000,
    smtpUrl: null,
    mailFrom: null,
    publicUrl: null,
    mailLinksUrl: null,
    appName: productName,
    trustProxy: [],
    keepAliveTimeout: 72,
    maxSubscriptions: 5_000,
    corsOrigins: null,
    executor: 'graphql-jit',
    logLevel: 'warn',
    introspection: true,
    ide: true,
    web: true,
  });
});

test('with DATABASE_URL it listens to the world, logs, and lets no page in', () => {
  const config = loadConfig({ DATABASE_URL: url, JWT_SECRET: secret });
  expect(config).toMatchObject({
    databaseUrl: url,
    jwtSecret: secret,
    host: '0.0.0.0',
    signUpsPerHour: 20,
    corsOrigins: [],
    logLevel: 'info',
    introspection: false,
    ide: false,
    web: true,
  });
});

test('a variable that is there but blank counts as not set', () => {
  expect(loadConfig({ PORT: ' ', DATABASE_URL: '', JWT_SECRET: '' })).toEqual(loadConfig({}));
});

describe('JWT_SECRET', () => {
  test.each([
    [undefined, /JWT_SECRET is required/],
    ['', /JWT_SECRET is required/],
    ['   ', /JWT_SECRET is required/],
    ['short', /JWT_SECRET must be at least 32 bytes/],
    ['x'.repeat(31), /JWT_SECRET must be at least 32 bytes/],
    ['x'.repeat(64), /JWT_SECRET repeats itself/],
    ['change-me-change-me-change-me-change-me', /JWT_SECRET is a placeholder/],
    ['your-256-bit-secret-your-256-bit-secret', /JWT_SECRET is a placeholder/],
    ['please replace this with a long random text', /JWT_SECRET is a placeholder/],
  ])('%j is refused with DATABASE_URL', (value, message) => {
    expect(() => loadConfig({ DATABASE_URL: url, JWT_SECRET: value })).toThrow(message);
  });

  test('is never repeated in a message', () => {
    expect(() => loadConfig({ JWT_SECRET: 'tooshort' })).not.toThrow(/tooshort/);
    expect(() => loadConfig({ DATABASE_URL: 'mysql://u:hidden@h/d', JWT_SECRET: secret })).not.toThrow(/hidden/);
  });
});

describe('ACCESS_TOKEN_TTL', () => {
  test.each([
    ['604800', 604_800],
    ['45s', 45],
    ['90m', 5_400],
    ['12h', 43_200],
    ['7d', 604_800],
    ['366d', 31_622_400],
  ])('%s is %i seconds', (value, seconds) => {
    expect(loadConfig({ ACCESS_TOKEN_TTL: value }).accessTokenTtl).toBe(seconds);
  });

  test.each(['0', '-1', '1.5', '1e3', '7 days', '7w', 'd', '367d', '0x10', 'Infinity'])('%s is refused', (value) => {
    expect(() => loadConfig({ ACCESS_TOKEN_TTL: value })).toThrow(/ACCESS_TOKEN_TTL must be a duration/);
  });
});

describe('TRUST_PROXY', () => {
  test.each([
    ['10.0.0.5', ['10.0.0.5']],
    ['loopback, 10.0.0.0/8,fd00::/8', ['loopback', '10.0.0.0/8', 'fd00::/8']],
  ])('%s names who is believed', (value, proxies) => {
    expect(loadConfig({ TRUST_PROXY: value }).trustProxy).toEqual(proxies);
  });

  // A number of proxies, or all addresses, would believe whoever finds a way past them.
  test.each(['1', 'on', 'true', '*', '0.0.0.0/0', '::/0', '10.0.0.0/33', 'proxy.example.com', '10.0.0.5,'])(
    '%s is refused',
    (value) => {
      expect(() => loadConfig({ TRUST_PROXY: value })).toThrow(/TRUST_PROXY must be addresses/);
    },
  );
});

describe('CORS_ORIGINS', () => {
  test.each([
    ['https://app.example.com', ['https://app.example.com']],
    ['http://localhost:5173, https://[::1]:8443', ['http://localhost:5173', 'https://[::1]:8443']],
    ['capacitor://localhost,ionic://localhost', ['capacitor://localhost', 'ionic://localhost']],
    ['tauri://localhost', ['tauri://localhost']],
    ['app://-', ['app://-']],
    ['app://obsidian.md:8080', ['app://obsidian.md:8080']],
    ['chrome-extension://gighmmpiobklfepjocnamgkkbiglidom', ['chrome-extension://gighmmpiobklfepjocnamgkkbiglidom']],
    ['moz-extension://1b0d5c5e-8f2e-4d5c-9d3f-0c2f7a6b1e11', ['moz-extension://1b0d5c5e-8f2e-4d5c-9d3f-0c2f7a6b1e11']],
    // As browsers send them.
    ['https://App.Example.COM', ['https://app.example.com']],
    ['HTTPS://app.example.com:443/,http://app.example.com:80', ['https://app.example.com', 'http://app.example.com']],
    ['https://bücher.example', ['https://xn--bcher-kva.example']],
    ['https://a%70p.example.com\u200b', ['https://app.example.com']],
    ['Capacitor://localhost/', ['capacitor://localhost']],
    ['safari-web-extension://96EC7CE5-2B84', ['safari-web-extension://96EC7CE5-2B84']],
  ])('%s allows these origins', (value, origins) => {
    expect(loadConfig({ CORS_ORIGINS: value }).corsOrigins).toEqual(origins);
  });

  test.each([
    '*',
    'null',
    'example.com',
    'localhost:5173',
    'app.example.com:8080',
    'https://',
    'https://*',
    'https://*.example.com',
    'https://%2a.example.com',
    'http://localhost:*',
    'capacitor://*',
    'capacitor://',
    'capacitor://local host',
    'https://app.example.com/path',
    'https://app.example.com//',
    'https://app.example.com?x=1',
    'https://app.example.com#top',
    'tauri://localhost/index.html',
    'tauri://localhost?x',
    'https://app.example.com:99999',
    'https:app.example.com',
    'https:/app.example.com',
    'https:///app.example.com',
    'https:\\\\app.example.com',
    'https://app.example.com; https://b.example.com',
    'https://app.example.com https://b.example.com',
    'file://localhost',
    'file:///',
    'ws://app.example.com',
    'data://x',
    'blob:https://app.example.com',
    'javascript://x',
    '/https:..app/',
    '"https://app.example.com"',
  ])('%s is refused by name, wherever it stands', (entry) => {
    const value = `https://good.example.com,${entry} , capacitor://localhost`;
    expect(() => loadConfig({ CORS_ORIGINS: value })).toThrow(`; these are not: ${JSON.stringify(entry)}`);
  });

  test.each(['https://ada:hunter2@app.example.com', 'tauri://ada:hunter2@localhost'])(
    '%s is refused without the password',
    (entry) => {
      expect(() => loadConfig({ CORS_ORIGINS: entry })).toThrow(/^(?!.*hunter2).*; these are not: /s);
    },
  );

  test('all entries that are wrong are named, and an empty one too', () => {
    const value = '*.a.example,https://b.example,,null';
    expect(() => loadConfig({ CORS_ORIGINS: value })).toThrow('; these are not: "*.a.example", "", "null"');
  });
});

describe('KEEP_ALIVE_TIMEOUT', () => {
  test.each([
    ['72', 72],
    ['620s', 620],
    ['15m', 900],
    ['1d', 86_400],
  ])('%s is %i seconds', (value, seconds) => {
    expect(loadConfig({ KEEP_ALIVE_TIMEOUT: value }).keepAliveTimeout).toBe(seconds);
  });

  // Node.js would take 25 days for a millisecond.
  test.each(['0', '-1', 'off', '2d', '86401', '25d'])('%s is refused', (value) => {
    expect(() => loadConfig({ KEEP_ALIVE_TIMEOUT: value })).toThrow(
      /KEEP_ALIVE_TIMEOUT must be a duration .* at most 1d/,
    );
  });
});

test('every problem is reported at once, by name', () => {
  const broken = {
    PORT: '70000',
    HOST: 'http://x/',
    DATABASE_URL: 'mysql://x',
    DATABASE_POOL_SIZE: '0',
    DATABASE_PREPARED: 'never',
    JWT_SECRET: 'x',
    JWT_SECRET_PREVIOUS: 'y',
    ACCESS_TOKEN_TTL: 'soon',
    REFRESH_TOKEN_TTL: '1y',
    SESSION_MAX_AGE: '-1',
    SIGNUP: 'never',
    SIGNUPS_PER_HOUR: 'many',
    TRUST_PROXY: 'all',
    UV_THREADPOOL_SIZE: '0',
    BCRYPT_COST: '4',
    KEEP_ALIVE_TIMEOUT: 'never',
    MAX_SUBSCRIPTIONS: '-1',
    CORS_ORIGINS: 'example.com',
    EXECUTOR: 'v8',
    LOG_LEVEL: 'loud',
    INTROSPECTION: 'maybe',
    IDE: 'yes',
    WEB: '1',
  };
  let message = '';
  try {
    loadConfig(broken);
  } catch (error) {
    message = String(error);
  }
  for (const name of Object.keys(broken)) expect(message).toContain(`  ${name} `);
});

test('.env.example explains every variable that config.ts reads, and sets none', () => {
  const root = resolve(import.meta.dirname, '../..');
  const example = readFileSync(`${root}/.env.example`, 'utf8');
  const named = [...example.matchAll(/^# ?([A-Z_]+)=/gm)].map((match) => match[1]);
  expect(named.sort()).toEqual(settingNames);
  expect(example).not.toMatch(/^[^#\s]/m);
});
