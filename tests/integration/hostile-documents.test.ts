import { beforeAll, describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import {
  badValues,
  badVariables,
  badVariablesOfUsers,
  bomb,
  invalid,
  tooComplex,
  unreadable,
} from '../support/hostile.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
let user: Client;

/**
 * Milliseconds of processor time for a request and its answer, on the thread that serves everybody: most take 20. Not of
 * the clock, which runs on while other tests have the processor.
 */
const affordable = 250;

/** Characters: what is sent comes back once at most, or a hundred short messages do. */
const longestAnswer = 200_000;

const refusals = ['QUERY_TOO_COMPLEX', 'GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'];

beforeAll(async () => {
  user = await server.newUser();
  // Compiled once, the same code takes a fraction of the time.
  for (const document of Object.values({ ...invalid, ...badValues }).slice(0, 3)) await send(user, document);
});

async function send(client: Client, document: string, variables = '{}'): Promise<Reply> {
  const body = `{"query":${JSON.stringify(document)},"variables":${variables}}`;
  expect(Buffer.byteLength(body)).toBeLessThan(100_000);
  const before = process.threadCpuUsage();
  const reply = await client.post(body);
  const used = process.threadCpuUsage(before);
  expect((used.user + used.system) / 1_000, `milliseconds of processor time for ${brief(document)}`).toBeLessThan(
    affordable,
  );
  return reply;
}

function brief(document: string): string {
  return document.length > 300 ? `${document.slice(0, 300)}…` : document;
}

async function expectRefusal(client: Client, code: string, document: string, variables?: string): Promise<void> {
  const logged = server.logs().length;
  const reply = await send(client, document, variables);
  const answer = `${brief(document)}\n→ HTTP ${reply.status} ${reply.text.slice(0, 500)}`;
  expect([reply.status, reply.code], answer).toEqual([400, code]);
  expect(refusals, answer).toEqual(expect.arrayContaining(reply.errors.map(({ extensions }) => extensions.code)));
  expect(JSON.parse(reply.text), answer).not.toHaveProperty('data');
  expect(reply.errors.length, answer).toBeLessThanOrEqual(10);
  expect(reply.fields.length, answer).toBeLessThanOrEqual(10);
  expect(reply.text.length, answer).toBeLessThan(longestAnswer);
  expect(server.logs().slice(logged), answer).not.toContain('a bug');
  expect(await server.sql('select title from task'), answer).toEqual([]);
}

describe.each([
  ['QUERY_TOO_COMPLEX', tooComplex],
  ['GRAPHQL_VALIDATION_FAILED', invalid],
  ['GRAPHQL_PARSE_FAILED', unreadable],
  ['BAD_USER_INPUT', badValues],
])('%s, and nothing ran, for', (code, documents) => {
  test.each(Object.entries(documents))('%s', async (_title, document) => {
    await expectRefusal(server.client(), code, document);
    await expectRefusal(user, code, document);
  });
});

test('what is too complex is refused before it is validated, which would find more in most of it', async () => {
  for (const [title, document] of Object.entries(tooComplex)) {
    const { errors } = await server.client().run(document);
    expect([errors.length, errors[0]?.extensions.code], title).toEqual([1, 'QUERY_TOO_COMPLEX']);
  }
});

describe('refused, and nothing ran, for variables with', () => {
  test.each(Object.entries(badVariables))('%s', async (_title, [code, document, variables]) => {
    await expectRefusal(server.client(), code, document, variables);
    await expectRefusal(user, code, document, variables);
  });

  test.each(Object.entries(badVariablesOfUsers))('%s', async (_title, [code, document, variables]) => {
    const anonymous = await send(server.client(), document, variables);
    expect([anonymous.status, anonymous.code]).toEqual([401, 'UNAUTHENTICATED']);
    await expectRefusal(user, code, document, variables);
  });

  test('__proto__, which is taken for an attack on the parser', async () => {
    for (const variables of ['{"__proto__":{"a":1}}', '{"a":{"__proto__":{}}}', '{"constructor":{"prototype":{}}}']) {
      const reply = await send(user, '{ errorCodes }', variables);
      expect([reply.status, reply.code], String(reply)).toEqual([400, 'BAD_REQUEST']);
    }
  });
});

describe('harmless, and answered at no more cost than others:', () => {
  test('a bomb of fragments whose fields are all the same', async () => {
    // 16 million spreads, merged to one field: enough to be noticed, not enough to hang the tests.
    const reply = await send(user, `{ tasks { nodes { ...F0 } totalCount } } ${bomb(24, 'Task', 'id title')}`);
    expect(reply.data).toEqual({ tasks: { nodes: [], totalCount: 0 } });
  });

  test('fragments in fragments, deeper than any limit', async () => {
    const reply = await send(server.client(), `{ ${'... { '.repeat(160)} errorCodes ${'}'.repeat(160)} }`);
    expect(reply.data.errorCodes).toContain('NOT_FOUND');
  });

  test('prototype names as aliases, fragments, variables and names of operations', async () => {
    const document = `query __proto__($constructor: Boolean = true, $__proto__: Boolean = true) {
      __proto__: __typename @include(if: $__proto__) constructor: __typename @include(if: $constructor) ...toString
    } fragment toString on Query { toString: __typename }`;
    const reply = await send(server.client(), document);
    expect(reply.text).toBe('{"data":{"__proto__":"Query","constructor":"Query","toString":"Query"}}\n');
    expect(({} as Record<string, unknown>).__typename).toBeUndefined();
  });
});

test('an error that quotes the document is cut short', async () => {
  const name = (index: number) => `F${'x'.repeat(190)}${index % 10}`;
  const cycle = Array.from({ length: 10 }, (_, index) => `fragment ${name(index)} on Query { ...${name(index + 1)} }`);
  const reply = await send(user, `{ ...${name(0)} } ${cycle.join(' ')}`);
  expect([reply.status, reply.code]).toEqual([400, 'GRAPHQL_VALIDATION_FAILED']);
  expect(reply.error.message).toMatch(/^Cannot spread fragment .*…$/);
  expect(reply.error.message).toHaveLength(501);
});
