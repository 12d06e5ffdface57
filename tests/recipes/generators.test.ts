import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { useServer } from '../support/server.ts';

const run = promisify(execFile);
const page = await readFile(join(import.meta.dirname, '../../docs/clients.md'), 'utf8');
const [section = ''] = /^## gql\.tada and Relay\n.*?(?=^## )/ms.exec(page) ?? [];
const [tadaConfig = '', tada = '', relayConfig = '', relay = ''] = [...section.matchAll(/^```\w+\n(.*?)^```$/gms)].map(
  ([, code = '']) => code,
);
const files = {
  'tsconfig.json': tadaConfig,
  'tada/query.ts': tada,
  'relay.config.json': relayConfig,
  'src/task-list.ts': relay,
  // Installing needs it, and npx runs what is there.
  'package.json': '{ "private": true, "type": "module" }',
};
const server = useServer({ introspection: false });
let folder: string;

async function write(file: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
}

async function npx(...args: string[]): Promise<void> {
  await run('npx', ['--no-install', ...args], { cwd: folder }).catch(({ stdout, stderr }) => {
    throw new Error(`${stdout}\n${stderr}`);
  });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'todoql-generators-'));
  for (const [file, text] of Object.entries(files)) await write(file, text);
  const { token } = await server.newUser();
  const reply = await fetch(`${server.url}/schema.graphql`, { headers: { authorization: `Bearer ${token}` } });
  await write('schema.graphql', await reply.text());
  const packages = ['gql.tada@1', 'graphql@16', 'relay-compiler@21', 'typescript@5'];
  await run('npm', ['install', '--no-audit', '--no-fund', ...packages], { cwd: folder });
});

afterAll(() => rm(folder, { recursive: true }));

test('gql.tada accepts the documents of docs/clients.md, and finds a misspelt field', async () => {
  await npx('gql.tada', 'generate-output');
  await npx('gql.tada', 'check');
  await write('tada/query.ts', tada.replace(' title ', ' titel '));
  await expect(npx('gql.tada', 'check')).rejects.toThrow(/titel/);
});

test('relay-compiler accepts the documents of docs/clients.md, and finds a misspelt field', async () => {
  await npx('relay-compiler');
  expect(await readFile(join(folder, 'src/__generated__/taskListPageQuery.graphql.ts'), 'utf8')).toContain('endCursor');
  await write('src/task-list.ts', relay.replace(' title ', ' titel '));
  await expect(npx('relay-compiler')).rejects.toThrow(/titel/);
});
