import { beforeAll, describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';

const server = useServer();

const pageOf = (fields: string) =>
  `query ($first: Int, $after: String, $last: Int, $before: String, $filter: TaskFilter, $orderBy: TaskOrder) {
    tasks(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) { ${fields} }
  }`;
const ids = pageOf('nodes { id }');

async function cursorOf(user: Client, variables: Record<string, unknown> = {}): Promise<string> {
  return (await user.run(pageOf('pageInfo { endCursor }'), { first: 1, ...variables })).data.tasks.pageInfo.endCursor;
}

function expectRefused(reply: Reply, argument = 'after'): void {
  const outcome = [reply.status, reply.code, reply.fields];
  expect(outcome, String(reply)).toEqual([200, 'BAD_USER_INPUT', [`${argument} INVALID_CURSOR`]]);
  expect(reply.partialData).toEqual({ tasks: null });
}

const everyOrder = ['CREATED_AT', 'UPDATED_AT', 'PRIORITY', 'TITLE'].flatMap((field) => [
  { field, direction: 'ASC' },
  { field, direction: 'DESC' },
]);

describe('a cursor', () => {
  let user: Client;

  beforeAll(async () => {
    user = await server.newUser();
    for (const title of ['one', 'two']) await user.createTask(title);
  });

  test.each(everyOrder)('of $field $direction is good in its own order only', async (own) => {
    const cursor = await cursorOf(user, { orderBy: own });
    for (const orderBy of everyOrder) {
      const after = await user.run(ids, { orderBy, after: cursor });
      const before = await user.run(ids, { orderBy, before: cursor });
      if (orderBy === own) {
        expect([after.data.tasks.nodes.length, before.data.tasks.nodes.length]).toEqual([1, 0]);
      } else {
        expectRefused(after);
        expectRefused(before, 'before');
      }
    }
  });

  test('is good with its own filter only, where null means not given', async () => {
    const [unfiltered, open] = [await cursorOf(user), await cursorOf(user, { filter: { completed: false } })];
    for (const filter of [null, {}, { completed: null }]) {
      expect((await user.run(ids, { after: unfiltered, filter })).data.tasks.nodes).toHaveLength(1);
      expectRefused(await user.run(ids, { after: open, filter }));
    }
    expect((await user.run(ids, { after: open, filter: { completed: false } })).data.tasks.nodes).toHaveLength(1);
    expectRefused(await user.run(ids, { after: open, filter: { completed: true } }));
    expectRefused(await user.run(ids, { after: unfiltered, filter: { completed: false } }));
  });

  test('is refused from another user', async () => {
    const stranger = await server.newUser();
    await stranger.createTask();
    expectRefused(await stranger.run(ids, { after: await cursorOf(user) }));
    expectRefused(await stranger.run(ids, { before: await cursorOf(user) }), 'before');
  });

  test('goes on pointing at its place when its row goes to the trash', async () => {
    const owner = await server.newUser();
    const [oldest, middle, newest] = [await owner.createTask(), await owner.createTask(), await owner.createTask()];
    const after = await cursorOf(owner, { first: 2 });
    await owner.run('mutation ($id: ID!) { deleteTask(input: { id: $id }) { deletedIds } }', { id: middle });
    expect((await owner.run(ids, { after })).data.tasks.nodes).toEqual([{ id: oldest }]);
    expect((await owner.run(ids, { before: after })).data.tasks.nodes).toEqual([{ id: newest }]);
  });

  const id = '"01a1fd83-085f-7429-8acf-26a739617b03"';
  const keysOfNoKind = ['null', 'true', '[]', '["x"]', '{}', '{"toString":1}', '1.5', '1e400', '-1e308', '9e15'];
  const wrongKeys: Record<string, string[]> = {
    // PostgreSQL's time begins in the year -4713; from the year 10000 on a Date prints otherwise.
    CREATED_AT: ['"2026-11-21"', '"\\u0000"', '-253402300799999', '253402300800000'],
    UPDATED_AT: ['"now"', '"infinity"', '-253402300799999', '8640000000000001'],
    PRIORITY: ['"1"', '99999999999999999999', '2147483648', '2147483647', '32768', '-32769'],
    TITLE: ['0', '"a\\u0000b"', '"\\ud800"', '"\\udc00x"'],
  };

  test.each(everyOrder)('of $field $direction with another place in it is bad input', async (orderBy) => {
    // Anyone can read a cursor: an attacker keeps the part that binds it and changes the rest.
    const [binding] = JSON.parse(Buffer.from(await cursorOf(user, { orderBy }), 'base64url').toString());
    const forge = (...rest: string[]) =>
      Buffer.from(`[${[JSON.stringify(binding), ...rest].join()}]`).toString('base64url');
    const goodKey = orderBy.field === 'TITLE' ? '"x"' : '1';
    expect((await user.run(ids, { orderBy, after: forge(goodKey, id) })).data.tasks).not.toBeNull();
    const forged = [
      ...[...keysOfNoKind, ...(wrongKeys[orderBy.field] ?? [])].map((key) => forge(key, id)),
      ...['null', '1', '""', '"x"', '[]', `[${id}]`, '"\\u0000"', '"{"'].map((wrongId) => forge(goodKey, wrongId)),
      forge(),
      forge(goodKey),
    ];
    for (const cursor of forged) {
      const by = (bound: string) => user.run(ids, { orderBy, [bound]: cursor });
      const [after, before] = await Promise.all([by('after'), by('before')]);
      expectRefused(after);
      expectRefused(before, 'before');
    }
  });

  test('that is none is bad input', async () => {
    const cursor = await cursorOf(user);
    const json = ['null', '1', '"x"', '{}', '[]', '[null]', '{"0":1}', '{"length":3}', '['.repeat(10_000)].map(btoa);
    const torn = [cursor.slice(0, -9), cursor.slice(4), cursor.toLowerCase(), 'x'.repeat(100_000)];
    for (const none of [...json, ...torn, ' ', 'é', '%', '']) {
      const by = (bound: string) => user.run(ids, { [bound]: none });
      const [after, before] = await Promise.all([by('after'), by('before')]);
      expectRefused(after);
      expectRefused(before, 'before');
    }
  });
});

describe('a page', () => {
  test('is not counted from both ends', async () => {
    const user = await server.newUser();
    for (const sizes of [
      { first: 1, last: 1 },
      { first: 0, last: 0 },
    ]) {
      const reply = await user.run(ids, sizes);
      expect([reply.status, reply.code, reply.fields]).toEqual([200, 'BAD_USER_INPUT', ['last NOT_WITH_FIRST']]);
    }
    for (const sizes of [
      { first: 1, last: null },
      { first: null, last: 1 },
    ]) {
      expect((await user.run(ids, sizes)).data.tasks.nodes).toEqual([]);
    }
  });

  test('has 0 to 100 tasks, counted from its end too', async () => {
    const user = await server.newUser();
    await user.createTask();
    for (const last of [-1, 101]) expect((await user.run(ids, { last })).fields).toEqual(['last OUT_OF_RANGE']);
    for (const last of [0, 100]) {
      expect((await user.run(ids, { last })).data.tasks.nodes).toHaveLength(Math.min(last, 1));
    }
  });

  test('is counted as a whole only when totalCount is asked for', async () => {
    const user = await server.newUser();
    /** Seen in the statements that the server sends, since nothing in the answer tells. */
    const isCounted = async (fields: string, variables = {}): Promise<boolean> => {
      const { result, statements } = await collectStatements(() => user.run(pageOf(fields), variables));
      expect(result.data.tasks).not.toBeNull();
      expect(statements.filter(({ text }) => text.includes('created_at')).length).toBeGreaterThan(0);
      return statements.some(({ text }) => /count\(/i.test(text));
    };
    const all = 'edges { cursor node { id } } nodes { createdAt } pageInfo { hasNextPage hasPreviousPage endCursor }';
    expect(await isCounted(all)).toBe(false);
    expect(await isCounted(`${all} totalCount @skip(if: true)`, { last: 2 })).toBe(false);
    expect(await isCounted(`${all} ... { counted: totalCount }`)).toBe(true);
  });
});
