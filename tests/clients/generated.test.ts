import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate } from '@graphql-codegen/cli';
import { buildSchema, isInterfaceType } from 'graphql';
import { expect, test } from 'vitest';
import config from '../../docs/clients/codegen.ts';
import { useServer } from '../support/server.ts';

const repository = join(import.meta.dirname, '../..');
const server = useServer();
const closed = useServer({ introspection: false });

const read = (file: string) => readFile(join(repository, file), 'utf8');

/** What generating from this schema writes. */
async function generated(schema: NonNullable<typeof config.schema>): Promise<Map<string, string>> {
  const files: { filename: string; content: string }[] = await generate({ ...config, schema, silent: true }, false);
  return new Map(files.map(({ filename, content }) => [filename, content]));
}

async function committed(): Promise<Map<string, string>> {
  const files = ['docs/clients/generated/graphql.ts', 'docs/clients/generated/gql.ts'];
  return new Map(await Promise.all(files.map(async (file) => [file, await read(file)] as const)));
}

/** Runs TypeScript. @returns what it found, else nothing */
async function complaint(...args: string[]): Promise<string> {
  const tsc = join(repository, 'node_modules/.bin/tsc');
  const run = promisify(execFile)(process.execPath, [tsc, ...args], { cwd: repository });
  return run.then(
    () => '',
    (error) => `${error.stdout}${error.stderr}`,
  );
}

test('the generated types are up to date: npx graphql-codegen --config docs/clients/codegen.ts', async () => {
  expect(await generated('schema.graphql')).toEqual(await committed());
});

test('the running server describes the same types as schema.graphql', async () => {
  expect(await generated(`${server.url}/graphql`)).toEqual(await committed());
});

test('where introspection is off, a token is enough to generate them from the running server', async () => {
  const { token } = await closed.newUser();
  const file = { [`${closed.url}/schema.graphql`]: { headers: { Authorization: `Bearer ${token}` } } };
  expect(await generated(file)).toEqual(await committed());
  await expect(generated(`${closed.url}/schema.graphql`)).rejects.toThrow();
});

test('the strict compiler of a front end accepts the examples', async () => {
  const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--noImplicitReturns'];
  const bundled = ['--module', 'esnext', '--moduleResolution', 'bundler', '--allowImportingTsExtensions'];
  const browser = ['--target', 'es2024', '--lib', 'es2024,dom,dom.iterable,dom.asynciterable', '--types', 'node'];
  const examples = ['apollo-tasks', 'urql-tasks', 'fetch-tasks', 'codegen'].map((name) => `docs/clients/${name}.ts`);
  const args = ['--ignoreConfig', '--noEmit', '--skipLibCheck', '--verbatimModuleSyntax', ...strict, ...bundled];
  expect(await complaint(...args, ...browser, ...examples)).toBe('');
});

test('the possible types that Apollo Client is told are those of the schema', async () => {
  const schema = buildSchema(await read('schema.graphql'));
  const interfaces = Object.values(schema.getTypeMap()).filter(isInterfaceType);
  const lines = interfaces.map((type) => {
    const names = schema.getPossibleTypes(type).map(({ name }) => `'${name}'`);
    return `${type.name}: [${names.join(', ')}]`;
  });
  expect(await read('docs/clients/apollo-client.ts')).toContain(`possibleTypes: { ${lines.join(', ')} }`);
});
