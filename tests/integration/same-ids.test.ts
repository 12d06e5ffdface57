import jwt from 'jsonwebtoken';
import { beforeAll, expect, test } from 'vitest';
import { productName } from '../../src/product-name.ts';
import { allCalls, type Call, creates, type Kind } from '../support/calls-by-id.ts';
import type { Client, Reply } from '../support/client.ts';
import { type TestServer, testSecret, useServer } from '../support/server.ts';
import { idOf, newTwin, othersThan, recordsToCopy } from '../support/twins.ts';
import { makeWorld, type World } from '../support/world.ts';

/** Users with records of the same ids; and a server where nobody else has them. */
const [shared, lonely] = [useServer(), useServer()];
let world: World;
let records: Awaited<ReturnType<typeof recordsToCopy>>;

beforeAll(async () => {
  world = await makeWorld(shared);
  records = await recordsToCopy(shared, world.userId);
});

async function dropTwins(server: TestServer): Promise<void> {
  // First what their jobs lock first.
  await server.sql('delete from user_change where user_id <> $1', [world.userId]);
  await server.sql('delete from task where user_id <> $1', [world.userId]);
  await server.sql('delete from "user" where id <> $1', [world.userId]);
}

/** What a user has, in words that are the same for twins: without what time, chance and the database give. */
async function recordsOf(server: TestServer, user: Client): Promise<unknown[]> {
  // A job removes what is marked as removed.
  const marked = ['label', 'task_list'].map((table) => `select from ${table} where purged_at is not null`);
  marked.push('select from "user" where trash_emptied_at is not null');
  await expect.poll(() => server.sql(marked.join(' union all '))).toEqual([]);
  const given = `array['user_id', 'created_at', 'updated_at', 'deleted_at', 'completed_at', 'position', 'input_hash']`;
  const parts = ['task', 'task_list', 'label', 'task_label', 'retired_id', 'session']
    .map((table) => `select '${table}' as kind, to_jsonb(r) - ${given} as row from ${table} r where user_id = $1`)
    .join(' union all ');
  const own = String((jwt.decode(user.token ?? '') as { sid?: string } | null)?.sid);
  const rows = await server.sql<{ row: unknown }>(`select * from (${parts}) r where row ->> 'id' <> $2`, [
    idOf(user),
    own,
  ]);
  return rows.map((row) => withoutNewIds(JSON.stringify(row))).sort();
}

/** The answer without what chance gives. */
function bare({ status, text }: Reply): string {
  return `${status} ${withoutNewIds(text.replace(/"requestId":"[^"]+"/g, ''))}`;
}

function withoutNewIds(text: string): string {
  const known = JSON.stringify([world, records]);
  return text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, (id) => (known.includes(id) ? id : 'NEW'));
}

/** What reads without an id. */
const reads = [
  'tasks(filter: { trash: INCLUDE }) { totalCount nodes { id labels { id } list { id } parent { id } } }',
  'tasks(filter: { topLevel: true }) { nodes { id subtasks { totalCount nodes { id } } } }',
  'lists(filter: { trash: INCLUDE }) { totalCount nodes { id tasks { totalCount nodes { id labels { id } } } } }',
  'labels { totalCount nodes { id name } }',
  'me { sessions { totalCount } securityEvents { totalCount } }',
];
const operations: { kind: Kind; name: string; call: Call }[] = [
  ...allCalls,
  ...Object.entries(creates).map(([name, call]) => ({ kind: 'task' as const, name, call })),
  {
    kind: 'event',
    name: 'emptyTrash',
    call: () => ['mutation { emptyTrash { purgedTasks purgedLists } }', {}],
  },
  ...reads.map((name) => ({ kind: 'event' as const, name, call: (): ReturnType<Call> => [`{ ${name} }`, {}] })),
];

test.each(operations)("$kind, $name: finds and changes one's own alone", async ({ kind, call }) => {
  await Promise.all([shared, lonely].map(dropTwins));
  const [twin, alone] = [await newTwin(shared, records), await newTwin(lonely, records)];
  const before = await othersThan(shared, twin);
  // The same one after the other: what one call does to a record, the next one finds.
  for (const id of Object.values<string>(world[kind])) {
    const [reply, expected] = [await twin.run(...call(id, world)), await alone.run(...call(id, world))];
    expect(bare(reply), String(reply)).toBe(bare(expected));
  }
  expect(await recordsOf(shared, twin)).toEqual(await recordsOf(lonely, alone));
  expect(await othersThan(shared, twin)).toEqual(before);
});

/** Two users whose tokens name sessions of the same id. */
async function twinsInOneSession(): Promise<[Client, Client]> {
  const signIn = async (): Promise<Client> => {
    const user = await newTwin(shared, records);
    const token = jwt.sign({ sid: world.session.live, email: user.email }, testSecret, {
      subject: idOf(user),
      issuer: productName,
      audience: productName,
      expiresIn: 60,
    });
    return user.withToken(token);
  };
  return [await signIn(), await signIn()];
}

test("tokens of two users that name sessions of one id are each their own user's", async () => {
  const twins = await twinsInOneSession();
  // Many at once, so that some are looked up together.
  const asked = Array.from({ length: 20 }, () => twins.map((user) => user.run('{ me { email } }'))).flat();
  const replies = (await Promise.all(asked)).map((reply) => reply.data.me.email);
  expect(replies).toEqual(Array.from({ length: 20 }, () => twins.map(({ email }) => email)).flat());
});

test("the use of a session is not noted in another user's of the same id", async () => {
  const [user, other] = await twinsInOneSession();
  await shared.sql("update session set last_used_at = now() - interval '1 hour'");
  await user.run('{ me { id } }');
  const noted = "select user_id from session where id = $1 and last_used_at > now() - interval '1 minute'";
  await expect.poll(() => shared.sql(noted, [world.session.live])).toEqual([{ user_id: idOf(user) }]);
  await other.run('{ me { id } }');
  await expect.poll(() => shared.sql(noted, [world.session.live])).toHaveLength(2);
});
