import { describe, expect, test } from 'vitest';
import { useServer } from '../support/server.ts';

const server = useServer();

describe('a request is refused before its body is parsed, and found to be no JSON, for', () => {
  const commas = (count: number, value: string) =>
    Array(count + 1)
      .fill(value)
      .join();
  test.each<[string, (count: number) => string, number]>([
    ['too many levels', (count) => '['.repeat(count), 20],
    ['too many levels of objects', (count) => '{"a":'.repeat(count), 20],
    ['too many values', (count) => `{"a":[${commas(count, '1')}`, 2_600],
    ['too many fields', (count) => `{"a":{${commas(count, String.raw`"\\\"":"\\"`)}`, 2_600],
  ])('%s', async (_what, body, limit) => {
    expect((await server.client().post(body(limit))).code).toBe('BAD_REQUEST');
    const refused = await server.client().post(body(limit + 1));
    expect([refused.status, refused.code], String(refused)).toEqual([400, 'QUERY_TOO_COMPLEX']);
    expect(refused.error.message).toContain('more than 2,600 values or 20 levels');
    expect(refused.headers.get('connection')).not.toBe('close');
  });
});

test('what a text holds is not counted', async () => {
  const description = `${String.raw`[{,"\"`.repeat(3_000)}\\`;
  const input = { title: String.raw`,"\\`, description };
  const create = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { title description } } }';
  expect((await (await server.newUser()).run(create, { input })).data.createTask.task).toEqual(input);
});
