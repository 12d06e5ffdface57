import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
let user: Client;

beforeAll(async () => {
  user = await server.newUser();
});

/** Characters. */
const longest = 50_000;

/** A document of that many characters, filled with the same again and again. */
function filled(start: string, unit: string, end = '', characters = longest): string {
  const room = characters - start.length - end.length;
  return start + unit.repeat(Math.floor(room / unit.length)).padEnd(room) + end;
}

const fillings: [string, string, string, string?][] = [
  ['a comment', '{ errorCodes } #', 'x'],
  ['comments', '{ errorCodes }', `#${'x'.repeat(98)}\n`],
  ['a comment beyond Latin 1', '{ errorCodes } #', 'ł'],
  ['commas', '{ errorCodes }', ','],
  ['spaces', '{ errorCodes', ' ', '}'],
  ['lines', '{ errorCodes', '\n', '}'],
  ['byte order marks', '\ufeff{ errorCodes }', '\ufeff'],
  ['a text', '{ errorCodes task(id: "', 'x', '") { id } }'],
  ['a block of text', '{ errorCodes task(id: """', `${'x'.repeat(60)}\n`, '""") { id } }'],
];

describe.each(fillings)('of 50,000 characters a document is read, of one more it is not: %s', (_name, ...filling) => {
  const [start, unit, end = ''] = filling;

  test.each<[string, () => Client]>([
    ['signed out', () => server.client()],
    ['signed in', () => user],
  ])('%s', async (_who, client) => {
    const reply = await client().run(filled(start, unit, end));
    expect([200, 401], String(reply).slice(-500)).toContain(reply.status);
    const refused = await client().run(filled(start, unit, end, longest + 1));
    expectRefusal(refused, 'at most 50,000 characters');
  });
});

function expectRefusal(reply: Reply, bound: string): void {
  expect([reply.status, reply.code], reply.text.slice(0, 500)).toEqual([400, 'QUERY_TOO_COMPLEX']);
  expect(reply.error.message).toContain(bound);
  expect(reply.text.length).toBeLessThan(500);
}

describe('what takes long to read without being a token is bounded:', () => {
  test.each<[string, string, string, string]>([
    ['comments', '{ errorCodes }', '#\n', ''],
    ['escape sequences', '{ errorCodes task(id: "', '\\n', '") { id } }'],
    ['code points', '{ errorCodes task(id: "', '\\u0041', '") { id } }'],
    ['lines of a block', '{ errorCodes task(id: """', '\n', '""") { id } }'],
    ['lines of a block, as old systems end them', '{ errorCodes task(id: """', '\r', '""") { id } }'],
    ['quotes in a block', '{ errorCodes task(id: """', '\\"""', '""") { id } }'],
  ])('%s', async (_what, start, unit, end) => {
    const reply = await user.run(start + unit.repeat(1_000) + end);
    expect(reply.partialData.errorCodes).toContain('NOT_FOUND');
    expectRefusal(await user.run(start + unit.repeat(1_001) + end), 'at most 1,000 comments, escape sequences');
  });
});

test('a document in the address is bounded alike', async () => {
  const get = async (query: string): Promise<Reply> => {
    const address = `${server.url}/graphql?${new URLSearchParams({ query })}`;
    const response = await fetch(address, { headers: { 'apollo-require-preflight': '1' } });
    return { status: response.status, text: await response.text() } as Reply;
  };
  expect((await get(`{ errorCodes } ${'#\n'.repeat(1_000)}`)).status).toBe(200);
  const refused = await get(`{ errorCodes } ${'#\n'.repeat(1_001)}`);
  expect([refused.status, refused.text]).toEqual([400, expect.stringContaining('QUERY_TOO_COMPLEX')]);
});

/** Registers a text, or asks for what is registered under its hash. */
function sendHash(text: string, query?: string): Promise<Reply> {
  const sha256Hash = createHash('sha256').update(text).digest('hex');
  return server.client().post(JSON.stringify({ query, extensions: { persistedQuery: { version: 1, sha256Hash } } }));
}

test('a document that is registered is bounded alike, and then found by its hash', async () => {
  const [fits, long] = [filled('{ errorCodes } #', 'y'), filled('{ errorCodes } #', 'y', '', longest + 1)];
  expect((await sendHash(fits, fits)).status).toBe(200);
  expect((await sendHash(fits)).data.errorCodes).toContain('NOT_FOUND');
  expectRefusal(await sendHash(long, long), 'at most 50,000 characters');
  expect((await sendHash(long)).code).toBe('PERSISTED_QUERY_NOT_FOUND');
});

test('of the documents that are registered, those stay that were used last', async () => {
  const texts = Array.from({ length: 35 }, (_, index) => filled(`{ errorCodes } #${index}`, 'ł'));
  for (const text of texts) expect((await sendHash(text, text)).status).toBe(200);
  expect((await sendHash(texts[0] ?? '')).code).toBe('PERSISTED_QUERY_NOT_FOUND');
  expect((await sendHash(texts.at(-1) ?? '')).data.errorCodes).toContain('NOT_FOUND');
});

describe('what clients send is kept within bounds:', () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const fields =
    'id title description priority version createdAt updatedAt due { date } list { id name } labels { id }';
  const page = `tasks(first: 1) { nodes { ${fields} parent { ${fields} } subtasks(first: 1) { nodes { ${fields} } } } }`;

  /** Megabytes that stay when so many documents have been sent. */
  async function kept(client: Client, documents: number, document: (index: number) => string): Promise<number> {
    collectGarbage();
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < documents; index++) await client.run(document(index >> 1));
    collectGarbage();
    return (process.memoryUsage().heapUsed - before) / 1e6;
  }

  test.each<[string, string, string, number, number]>([
    ['refused to who is signed out', 'query', 'me { id }', 150, 5],
    ['refused for its cost', 'query', '__schema { types { name } } '.repeat(6), 150, 5],
    ['refused for its values', 'mutation', 'login(input: { email: "\\u0000", password: "" }) { expiresIn }', 150, 5],
    ['answered', 'query', 'errorCodes', 800, 32],
  ])('a document that is %s', async (_what, type, selection, documents, bound) => {
    const document = (index: number) => filled(`${type} N${index} { ${selection} } #`, 'ł');
    expect(await kept(server.client(), documents, document)).toBeLessThan(bound);
  });

  test('a document without its comments', async () => {
    const document = (index: number) => `query N${index} { errorCodes } ${'#\n'.repeat(990)}`;
    expect(await kept(server.client(), 800, document)).toBeLessThan(16);
  });

  test('a document with what is compiled of it', async () => {
    const pages = 'abcde'.replaceAll(/./g, (name) => `${name}: ${page} `);
    const document = (index: number) => `query N${index} { ${pages} me { id @skip(if: false) } }`;
    expect(await kept(user, 240, document)).toBeLessThan(32);
  });
});
