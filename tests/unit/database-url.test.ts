import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { StartError } from '../../src/errors.ts';

const folder = mkdtempSync(join(tmpdir(), 'todoql-unit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const secret = 'Zk3vQ8sT1xWcR7yBn5mLp0aHd9fGj2eU';

function read(url: string): string | null {
  return loadConfig({ DATABASE_URL: url, JWT_SECRET: secret }).databaseUrl;
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

test.each([
  'postgresql://ada:pw@db.example.com:5432/todos',
  'postgres://ada@localhost/todos',
  'POSTGRES://ada:pw@127.0.0.1/todos',
  'postgresql://ada:pw@[::1]:6432/todos',
  'postgresql://ada:p%C3%A9%2F%3F%23%40%25@host/todos',
  'postgresql://ada:p@ss@host/todos',
  'postgresql://ada:pw@host/todos?sslmode=verify-full&channel_binding=require',
  'postgresql://ada:pw@host/todos?pgbouncer=true&connection_limit=1&supa=base-pooler.x&target_session_attrs=any',
  'postgresql://ada:pw@host/todos?options=-c%20search_path%3Dapp',
  'postgresql://ada:pw@%2Fvar%2Frun%2Fpostgresql/todos',
])('%s is taken as it is', (url) => {
  expect(read(url)).toBe(url);
});

test.each(['prefer', 'require', 'verify-ca'])('sslmode=%s verifies, without a word of warning', (mode) => {
  expect(read(`postgresql://h/d?a=b&sslmode=${mode}&c=d`)).toBe('postgresql://h/d?a=b&sslmode=verify-full&c=d');
  expect(read(`postgresql://h/d?sslmode=${mode}`)).toBe('postgresql://h/d?sslmode=verify-full');
});

test('the folder of a socket is understood, with and without a user', () => {
  expect(read('postgresql:///todos?host=/run/pg')).toBe('postgresql://localhost/todos?host=/run/pg');
  const url = read('postgresql://ada:pw@/todos?host=/cloudsql/todos');
  expect(url).toBe('postgresql://ada:pw@localhost/todos?host=/cloudsql/todos');
  expect(new pg.Client({ connectionString: url ?? '' })).toMatchObject({ user: 'ada', host: '/cloudsql/todos' });
});

const base = 'postgresql://ada:hunter2@host/todos';
const noPem = file('no.pem', 'no certificate');
const certificate = file('cert.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');

test.each([
  ['mysql://ada:hunter2@host/todos', /must look like postgresql:/],
  ['host=localhost dbname=todos password=hunter2', /must look like postgresql:/],
  ['"postgresql://ada:hunter2@host/todos"', /is in quotes/],
  ['postgresql://', /names no database/],
  ['postgresql://ada:hunter2@host', /names no database/],
  ['postgresql://ada:hunter2@host/', /names no database/],
  ['postgresql:///todos', /names no host/],
  ['postgresql:///todos?host=', /names no host/],
  ['postgresql://ada:hunter2@/todos', /names no host/],
  ['postgresql://ada:hunter2@:5432/todos', /names no host/],
  ['postgresql://ada:hunter2@one,two/todos', /names several hosts/],
  ['postgresql://ada:hunter2@one:5432,two:5432/todos', /names several hosts/],
  [`${base}?host=one,two`, /names several hosts/],
  [`${base}?sslmode=disable&sslmode=verify-full`, /"sslmode" twice/],
  [`${base}?options=a&options=hunter2`, /"options" twice/],
  ['postgresql://ada:hunter2@host:0/todos', /port from 1 to 65535/],
  ['postgresql://ada:hunter2@host:65536/todos', /port from 1 to 65535/],
  ['postgresql://ada:hunter2@host:five/todos', /port from 1 to 65535/],
  [`${base}?port=99999`, /port from 1 to 65535/],
  ['postgresql://ada:hunter2@host:5432/todos?port=five', /port from 1 to 65535/],
  ['postgresql://ada:hunter2@host:five/todos?port=5432', /port from 1 to 65535/],
  ['postgresql://ada:hunter2@host:5432/todos?port=0', /port from 1 to 65535/],
  ['postgresql://ada:hunter2/x@host/todos', /@ in the user or password/],
  ['postgresql://ada:2/hunter2@host/todos', /@ in the user or password/],
  ['postgresql://ada:2?hunter2@host/todos', /@ in the user or password/],
  ['postgresql://ada:2#hunter2@host/todos', /@ in the user or password/],
  ['postgresql://ada:hunter2#@host/todos', /@ in the user or password/],
  ['postgresql://ada:hunter2 x@host/todos', /has a space/],
  ['postgresql://ada:hunter2\tx@host/todos', /has a space/],
  ['postgresql://ada:hunter2%@host/todos', /write %25/],
  ['postgresql://ada:hunter2%x@host/todos', /write %25/],
  ['postgresql://ada:hunter2%E9@host/todos', /not percent-encoded as UTF-8/],
  ['postgresql://ad%E9:hunter2@host/todos', /not percent-encoded as UTF-8/],
  ['postgresql://ada:hunter2@host/t%E9', /not percent-encoded as UTF-8/],
  ['postgresql://ada:hunter2%00@host/todos', /has a %00/],
  ['postgresql://ada:hunter2%ED%A0%80@host/todos', /not percent-encoded as UTF-8/],
  ['postgresql://ada:hunter2@ho^st/todos', /must look like postgresql:/],
  [`${base}?sslmode=allow`, /sslmode of disable, prefer/],
  [`${base}?sslmode=`, /sslmode of disable, prefer/],
  [`${base}?sslmode=Require`, /sslmode of disable, prefer/],
  [`${base}?ssl_mode=require`, /"ssl_mode".*did you mean sslmode\?/],
  [`${base}?SSLMODE=require`, /"SSLMODE".*did you mean sslmode\?/],
  [`${base}?sslmod=require`, /"sslmod".*did you mean sslmode\?/],
  [`${base}?sslrootcrt=x`, /"sslrootcrt".*did you mean sslrootcert\?/],
  [`${base}?ssl=false`, /sslmode=disable instead/],
  [`${base}?ssl=yes`, /sslmode=verify-full/],
  [`${base}?sslnegotiation=fast`, /sslnegotiation of postgres or direct/],
  [`${base}?sslnegotiation=direct&sslmode=disable`, /turns encryption off/],
  [`${base}?sslrootcert=system`, /sslrootcert=system/],
  [`${base}?sslmode=verify-full&sslrootcert=/no/such/file`, /as sslrootcert .*ENOENT.*\/no\/such\/file/],
  [`${base}?sslrootcert=${folder}`, /as sslrootcert .*EISDIR/],
  [`${base}?sslrootcert=${noPem}`, /not PEM as sslrootcert/],
  [`${base}?sslrootcert=${certificate}`, /unusable file as sslrootcert/],
  [`${base}?sslcert=/no/such/file&sslkey=/no/such/file`, /as sslcert .*ENOENT/],
  [`${base}?sslcert=${certificate}`, /sslcert and sslkey, or neither/],
  [`${base}?sslcert=${certificate}&sslkey=/no/such/file`, /as sslkey .*ENOENT/],
  [`${base}?sslcert=${certificate}&sslkey=${certificate}`, /unusable file as sslcert or sslkey/],
  [`${base}?uselibpqcompat=true&sslmode=verify-ca`, /sslrootcert with sslmode=verify-ca/],
])('%s is refused', (url, message) => {
  const attempt = () => read(url);
  expect(attempt).toThrow(message);
  expect(attempt).toThrow(StartError);
  expect(attempt).toThrow(/^The configuration is invalid:\n {2}DATABASE_URL .*$/);
  expect(attempt).not.toThrow(/hunter2/);
});
