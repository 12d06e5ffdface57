import type { EntityClass } from '@mikro-orm/core';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { SecurityEvent } from '../../src/auth/events/security-event.entity.ts';
import { Session } from '../../src/auth/sessions/session.entity.ts';
import { ReplyMismatch, runChecked } from '../../src/database/connections/checked-query.ts';
import { Database } from '../../src/database/database.ts';
import { type Orm, openOrm } from '../../src/database/orm.ts';
import { ServiceDatabase } from '../../src/database/service-database.ts';
import { Label } from '../../src/labels/label.entity.ts';
import { createLogger } from '../../src/observability/logger.ts';
import type { Owned } from '../../src/records/owned.entity.ts';
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
    expect(server.logs().slice(before)).toContain('replies came out of order');
    await readAll(people, 2, (reply, key) => expect(reply.text).toBe(expected.get(key)));
  });
});

describe('a pooler that loses the first of many replies', () => {
  const proxy = new PostgresProxy();
  // So few connections that one is kept for reads.
  const server = useServer({ databasePoolSize: 2 }, (url) => proxy.to(url));
  afterAll(() => proxy.close());

  test('shows nobody nothing instead of something', async () => {
    const user = await server.newUser();
    await user.run('mutation { createList(input: { name: "there" }) { list { id } } }');
    const empty = Array.from({ length: 8 }, (_, index) => `e${index}: tasks(first: ${index + 1}) { nodes { title } }`);
    // Behind the lost reply come those without rows, which have no number to tell them apart.
    const operation = `{ a: lists { nodes { name } } ${empty.join(' ')} b: lists(first: 3) { nodes { name } } }`;
    const { data } = await user.run(operation);
    proxy.repliesToLose = 1;
    const { partialData, errors } = await user.run(operation);
    expect(proxy.repliesToLose).toBe(0);
    expect(new Set(errors.map(({ extensions }) => extensions.code))).toEqual(new Set(['SERVICE_UNAVAILABLE']));
    for (const alias of ['a', 'b']) expect([data[alias], null]).toContainEqual(partialData[alias]);
    expect((await user.run(operation)).data).toEqual(data);
  });
});

describe('a pooler that loses a reply as soon as there are several', () => {
  const proxy = new PostgresProxy();
  const server = useServer({}, (url) => {
    proxy.repliesToLose = 1;
    return proxy.to(url);
  });
  afterAll(() => proxy.close());

  test('is found out before anything is read through it', async () => {
    const user = await server.newUser();
    await Promise.all(Array.from({ length: 5 }, async () => (await user.run(reads.tasks)).data));
    expect(proxy.repliesToLose).toBe(0);
    const problems = server.logs().match(/^.*"level":"(warn|error)".*$/gm);
    expect(problems).toEqual([expect.stringContaining('replies came out of order')]);
    // And from now on it is given nothing to lose.
    proxy.mostAwaited = 0;
    await Promise.all(Array.from({ length: 5 }, async () => (await user.run(reads.tasks)).data));
    expect(proxy.mostAwaited).toBe(1);
  });
});

// With nothing else under way, whose own loss would show.
describe('a pooler that loses a reply between two reads of entities', () => {
  const proxy = new PostgresProxy();
  const server = useServer();
  let orm: Orm;

  beforeAll(async () => {
    // So few that one connection is kept for reads.
    orm = await openOrm(await proxy.to(server.databaseUrl), 2);
  });
  afterAll(async () => {
    await orm.close();
    proxy.close();
  });

  async function databaseOfNew(serviceDatabase: ServiceDatabase): Promise<Database> {
    const user = await server.newUser();
    await user.run('mutation { createLabel(input: { name: "there" }) { label { id } } }');
    const { me } = (await user.run('{ me { id email timeZone createdAt } }')).data;
    return new Database(serviceDatabase, { ...me, hasOldDueKeys: false, sessionId: '' });
  }

  test.each<[string, EntityClass<Owned>]>([
    ['labels', Label],
    ['sessions', Session],
    ['security events', SecurityEvent],
  ])('shows nobody %s of another user', async (_what, entity) => {
    const serviceDatabase = new ServiceDatabase(orm, true, createLogger('silent'));
    onTestFinished(() => serviceDatabase.close());
    const databases = [await databaseOfNew(serviceDatabase), await databaseOfNew(serviceDatabase)];
    const ownersIn = async ({ entities }: Database) => (await entities.find(entity, {})).map(({ user }) => user.id);
    const readBoth = () => Promise.allSettled(databases.map(ownersIn));
    const own = databases.map(({ viewer }) => ({ status: 'fulfilled', value: [viewer.id] }));
    expect(await readBoth()).toEqual(own);
    proxy.repliesToLose = 1;
    const replies = await readBoth();
    expect(proxy.repliesToLose).toBe(0);
    const refused = { status: 'rejected', reason: expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' }) };
    // The other one is repeated on another connection.
    expect(replies).toEqual([refused, own[1]]);
    expect(await readBoth()).toEqual(own);
  });
});

test.each([
  ['whose first column happens to hold the number', "select 7, 'private' as title"],
  ['of another number', "select 8 as todoql_reply, 'private' as title"],
  ['of a statement that is no read', 'begin'],
])('a reply %s is refused', async (_what, text) => {
  const pool = new pg.Pool({ connectionString: inject('adminUrl') });
  const client = await pool.connect();
  await expect(runChecked(client, { text }, 7)).rejects.toThrow(ReplyMismatch);
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
