import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { misspelt, readEnvFile } from '../../src/settings/env-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'todoql-unit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const known = ['ACCESS_TOKEN_TTL', 'CORS_ORIGINS', 'DATABASE_URL', 'HOST', 'IDE', 'JWT_SECRET', 'PORT', 'TRUST_PROXY'];

function read(content: string | Buffer) {
  const file = join(folder, '.env');
  writeFileSync(file, content);
  const { values, warnings } = readEnvFile(file, known);
  return { values, warnings: warnings.map((warning) => warning.replace(`${file}, `, '')) };
}

test.each([
  ['PORT=1\nHOST=h', { PORT: '1', HOST: 'h' }],
  ['\ufeffPORT=1\nHOST=h', { PORT: '1', HOST: 'h' }],
  ['PORT=1\r\nHOST=h\r\n', { PORT: '1', HOST: 'h' }],
  ['export  PORT=1\n  HOST\t= h ', { PORT: '1', HOST: 'h' }],
  ['# HOST=x # y\n\nPORT=1 # a comment', { PORT: '1' }],
  ['JWT_SECRET="a#b c" # a comment', { JWT_SECRET: 'a#b c' }],
  ["JWT_SECRET='a#b'\nDATABASE_URL=`c#d`", { JWT_SECRET: 'a#b', DATABASE_URL: 'c#d' }],
  ['JWT_SECRET="a\nPORT 2\nb"\nPORT=1', { JWT_SECRET: 'a\nPORT 2\nb', PORT: '1' }],
  ['FOREIGN=a#b\nJWT_KEY=1\nHOME=x\nPOST=y', { FOREIGN: 'a', JWT_KEY: '1', HOME: 'x', POST: 'y' }],
])('%j is read, without a word', (content, values) => {
  expect(read(content)).toEqual({ values, warnings: [] });
});

test.each([
  ['PORT=1\nJWT_SECRET=abc#hidden', 'line 2: JWT_SECRET ends before the #.'],
  ['JWT_SECRET=#hidden', 'line 1: JWT_SECRET ends before the #.'],
  ['JWT_SECRET=abc #hidden', 'line 1: JWT_SECRET ends before the #.'],
  ['export DATABASE_URL=postgresql://ada:a#hidden@h/d\r\n', 'line 1: DATABASE_URL ends before the #.'],
  ['CORS_ORIGINS=https://a.example#hidden', 'line 1: CORS_ORIGINS ends before the #.'],
  ['JWT_SECRET="abc#hidden', 'line 1: JWT_SECRET ends before the #.'],
  ['JWT_SECRET="a"hidden', 'line 1: JWT_SECRET ends at the second quote'],
  ['PORT=1\n\n# x\nPORT=2', 'line 4: PORT is set again; line 1 is ignored.'],
  ['DATABASE_URL: postgresql://ada:hidden@h/d', 'line 1: this is not NAME=value'],
  ['DATABASE_URL: postgresql://ada:hidden@h/d?sslmode=disable', 'line 1: this is not NAME=value'],
  ['PORT=1\n\ufeffDATABASE_URL=hidden', 'line 2: DATABASE_URL is not set, because there is an invisible character'],
  ['\ufeff\ufeffDATABASE_URL=hidden', 'line 1: DATABASE_URL is not set'],
  ['DATABASE_URL\u00a0= hidden', 'line 1: DATABASE_URL is not set'],
  ['\u3000DATABASE_URL=hidden', 'line 1: DATABASE_URL is not set'],
  ['export\tDATABASE_URL=hidden', 'line 1: DATABASE_URL is not set'],
  ['JWT_SECRET hidden', 'line 1: this is not NAME=value'],
  ['JWT_SECERT=hidden', 'line 1: JWT_SECERT is not a setting; did you mean JWT_SECRET?'],
  ['DATABSE_URL=hidden', 'did you mean DATABASE_URL?'],
  ['DATABASE_URI=hidden', 'did you mean DATABASE_URL?'],
  ['database_url=hidden', 'did you mean DATABASE_URL?'],
  ['DATABASEURL=hidden', 'did you mean DATABASE_URL?'],
  ['DATABASE-URL=hidden', 'did you mean DATABASE_URL?'],
  ['TODOQL_PORT=hidden', 'did you mean PORT?'],
  ['todoql_jwt_secert=hidden', 'did you mean JWT_SECRET?'],
  ['PROT=hidden', 'did you mean PORT?'],
  ['Ide=hidden', 'did you mean IDE?'],
  ['TRUSTED_PROXY=hidden', 'did you mean TRUST_PROXY?'],
  ['JWT_SECRET="one\nhidden"\nPROT=1', 'line 3: PROT is not a setting; did you mean PORT?'],
])('%j is warned of, without the value', (content, warning) => {
  const { warnings } = read(content);
  expect(warnings).toEqual([expect.stringContaining(warning)]);
  expect(warnings.join()).not.toContain('hidden');
});

test('a value that is not UTF-8 is warned of, a comment is not', () => {
  const latin1 = Buffer.from('# caf\xe9\nFOREIGN=caf\xe9\nJWT_SECRET=caf\xe9', 'latin1');
  expect(read(latin1).warnings).toEqual(['line 3: JWT_SECRET has a character that is not UTF-8.']);
});

test.each([
  ['UTF-16 with a byte order mark', Buffer.from('\ufeffPORT=1', 'utf16le')],
  ['UTF-16 without', Buffer.from('PORT=1', 'utf16le')],
  ['UTF-16, the other end first', Buffer.from('\ufeffPORT=1', 'utf16le').swap16()],
])('a file in %s is refused', (_encoding, content) => {
  expect(() => read(content)).toThrow(/is not in UTF-8/);
});

test('the names that most environments have are taken for no slip', () => {
  const usual =
    'HOME HOSTNAME HOSTTYPE LOGNAME PATH PWD SHELL POST PORTS USER TERM DATABASE_USER DATABASE_NAME IDEA DATA';
  expect(usual.split(' ').flatMap((name) => misspelt(name, known))).toEqual([]);
});
