import pg from 'pg';
import { afterAll, describe, expect, inject, test } from 'vitest';
import { runChecked, WrongReply } from '../../src/database/connections/checked-query.ts';
import type { Client, Reply } from '../support/client.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { type TestServer, useServer } from '../support/server.ts';

const reads = {
  me: '{ me { email } }',
  tasks: '{ tasks { totalCount nodes { title } } }',
  'a task': 'query ($id: ID!) { task(id: $id) { title } }',
  lists: '{ lists { nodes { name } } }',
  labels: '{ labels { nodes { name } } }',
  'sessions and events': '{ me { sessions { nodes { id } } securityEvents { nodes { id } } } }',
};

interface Someone {
  readonly user: Client;
  readonly id: string;
}

async function makePeople(server: TestServer): Promise<Someone[]> {
  const people: Someone[] = [];
  for (let count = 0; count < 6; count++) {
    const user = await server.newUser();
    people.push({ user, id: await user.createTask(`of ${user.email}`) });
    // Half of them have no list and no label: an empty answer is somebody's, too.
    if (count % 2 > 0) continue;
    await user.run(`mutation { createList(input: { name: "of ${user.email}" }) { list { id } } }`);
    await user.run(`mutation { createLabel(input: { name: "of ${user.email}" }) { label { id } } }`);
  }
  return people;
}

/** Each read of each, over and over, a little apart, so that they meet on the connections in many ways. */
async function readAll(people: readonly Someone[], rounds: number, check: (reply: Reply, key: string) => void) {
  const loop = async ({ user, id }: Someone, operation: string) => {
    for (let round = 0; round < rounds; round++) {
      check(await user.run(operation, { id }), `${user.token} ${operation}`);
    }
  };
  await Promise.all(people.flatMap((one) => Object.values(reads).map((operation) => loop(one, operation))));
}

const anyEmail = /[\w-]+@example\.com/g;

describe('a pooler that loses a reply now and then', () => {
  const proxy = new PostgresProxy();
  const server = useServer({}, (url) => proxy.to(url));
  afterAll(() => proxy.close());

  test('shows nobody what is another user’s', async () => {
    const people = await makePeople(server);
    const expected = new Map<string, string>();
    for (const { user, id } of people) {
      for (const operation of Object.values(reads)) {
        const { text } = await user.run(operation, { id });
        for (const [email] of text.matchAll(anyEmail)) expect(email).toBe(user.email);
        expected.set(`${user.token} ${operation}`, text);
      }
    }
    const before = server.logs().length;
    proxy.repliesToLose = 1;
    await readAll(people, 10, (reply, key) => {
      if (reply.text === expected.get(key)) return;
      expect(reply.code, `${reply}`).toBe('SERVICE_UNAVAILABLE');
      expect(reply.text).not.toContain('@example.com');
    });
    expect(proxy.repliesToLose).toBe(0);
    expect(server.logs().slice(before)).toContain('replies came out of step');
    await readAll(people, 2, (reply, key) => expect(reply.text).toBe(expected.get(key)));
  });
});

describe('a pooler that loses the first of many replies', () => {
  const proxy = new PostgresProxy();
  const server = useServer({}, (url) => proxy.to(url));
  afterAll(() => proxy.close());

  test('shows nobody nothing instead of something', async () => {
    const user = await server.newUser();
    await user.run('mutation { createLabel(input: { name: "there" }) { label { id } } }');
    const empty = Array.from({ length: 8 }, (_, index) => `e${index}: lists(first: ${index + 1}) { nodes { name } }`);
    const operation = `{ a: labels { nodes { name } } b: labels(first: 3) { nodes { name } } ${empty.join(' ')} }`;
    const { data } = await user.run(operation);
    proxy.repliesToLose = 1;
    const { partialData, errors } = await user.run(operation);
    expect(proxy.repliesToLose).toBe(0);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['SERVICE_UNAVAILABLE']));
    for (const alias of ['a', 'b']) expect([data[alias], null]).toContainEqual(partialData[alias]);
    expect((await user.run(operation)).data).toEqual(data);
  });
});

test.each([
  ['whose first column happens to hold the number', "select 7, 'private' as title"],
  ['of another number', "select 8 as todoql_reply, 'private' as title"],
  ['of a statement that is no read', 'begin'],
])('a reply %s is refused', async (_what, text) => {
  const pool = new pg.Pool({ connectionString: inject('adminUrl') });
  const client = await pool.connect();
  await expect(runChecked(client, { text }, 7)).rejects.toThrow(WrongReply);
  client.release(true);
  await pool.end();
});

describe('where prepared statements are off', () => {
  const proxy = new PostgresProxy();
  const server = useServer({ databasePrepared: false }, (url) => proxy.to(url));
  afterAll(() => proxy.close());

  test('no statement is sent before the one before it is answered', async () => {
    const user = await server.newUser();
    const operation = `{ ${Array.from({ length: 9 }, (_, index) => `a${index}: tasks { nodes { id } }`).join(' ')} }`;
    await Promise.all(Array.from({ length: 10 }, async () => (await user.run(operation)).data));
    expect(proxy.mostAwaited).toBe(1);
    expect(proxy.named).toEqual(0);
  });
});
