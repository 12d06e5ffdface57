import type { EntityManager } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EmailToken } from '../../src/auth/email/email-token.entity.ts';
import { SecurityEvent } from '../../src/auth/events/security-event.entity.ts';
import { Session } from '../../src/auth/sessions/session.entity.ts';
import { RefreshToken } from '../../src/auth/tokens/refresh-token.entity.ts';
import { Database } from '../../src/database/database.ts';
import { type Orm, openOrm } from '../../src/database/orm.ts';
import { ServiceDatabase } from '../../src/database/service-database.ts';
import { Label } from '../../src/labels/label.entity.ts';
import { TaskList } from '../../src/lists/list.entity.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { RetiredId } from '../../src/records/retired-id.entity.ts';
import { UserChange } from '../../src/records/user-change.entity.ts';
import { entities } from '../../src/records.ts';
import { Task } from '../../src/tasks/task.entity.ts';
import { TaskLabel } from '../../src/tasks/task-label.entity.ts';
import { User } from '../../src/users/user.entity.ts';
import type { Viewer } from '../../src/viewer.ts';
import { allCalls, type Call, creates, madeUp, query } from '../support/calls-by-id.ts';
import type { Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';
import { makeWorld, type World } from '../support/world.ts';

const server = useServer();
/** Whose calls change nothing, as each test asserts. */
let stranger: World;

beforeAll(async () => {
  stranger = await makeWorld(server);
});

/** All that is stored of a user's. */
async function rowsOf({ userId }: World): Promise<unknown[]> {
  const accounts = ['session', 'refresh_token', 'email_token', 'security_event'];
  const tables = ['task', 'task_list', 'label', 'task_label', 'retired_id', ...accounts];
  const all = tables.map((table) => `select '${table}' as kind, to_jsonb(r) as row from ${table} r where user_id = $1`);
  return server.sql(`${all.join(' union all ')} order by kind, row`, [userId]);
}

/** The answer with what differs from call to call taken out. */
function bare({ status, text }: Reply, id: string): string {
  return `${status} ${text.replace(/"requestId":"[^"]+"/g, '').replaceAll(id, madeUp)}`;
}

describe.each(allCalls)("another user's $kind in $name", ({ kind, call }) => {
  test('is what a made-up id is, byte for byte, and stays as it was', async () => {
    const owner = await makeWorld(server);
    const before = await Promise.all([rowsOf(owner), rowsOf(stranger)]);
    const nobodys = await stranger.user.run(...call(madeUp, stranger));
    for (const [state, id] of Object.entries(owner[kind])) {
      const theirs = await stranger.user.run(...call(id, stranger));
      expect(bare(theirs, id), `${state}: ${theirs}`).toBe(bare(nobodys, madeUp));
    }
    expect(await Promise.all([rowsOf(owner), rowsOf(stranger)])).toEqual(before);
    // The same call finds what one owns: without this, the test could not fail.
    const { live } = owner[kind];
    const own = await owner.user.run(...call(live, owner));
    expect(bare(own, live), String(own)).not.toBe(bare(nobodys, madeUp));
  });
});

test('every place in the schema where an id comes in is among those above', async () => {
  const user = await server.newUser();
  const type = 'type { name kind ofType { name kind ofType { name kind ofType { name } } } }';
  const { __schema: schema } = (
    await user.run(`{ __schema { types { name inputFields { name ${type} }
      fields { name args { name ${type} } } } } }`)
  ).data;
  type Type = { name: string | null; ofType?: Type };
  type Value = { name: string; type: Type };
  const types = new Map<string, { inputFields: Value[] | null; fields: { name: string; args: Value[] }[] }>(
    schema.types.map((each: { name: string }) => [each.name, each]),
  );
  const nameOf = ({ name, ofType }: Type): string => name ?? (ofType ? nameOf(ofType) : '');
  const idsIn = (path: string, values: Value[]): string[] =>
    values.flatMap((value) => {
      const below = value.name === 'input' ? path : `${path}.${value.name}`;
      if (nameOf(value.type) === 'ID') return [below];
      return idsIn(below, types.get(nameOf(value.type))?.inputFields ?? []);
    });
  const roots = ['Query', 'Mutation'].flatMap((name) => types.get(name)?.fields ?? []);
  const places = roots.flatMap(({ name, args }) => idsIn(name, args));
  const covered = [...allCalls.map(({ name }) => name), ...Object.keys(creates).map((name) => `${name}.id`)];
  expect(places).toContain('moveTask.beforeId');
  expect(covered).toEqual(expect.arrayContaining(places));
});

describe.each(Object.entries(creates))('%s', (path, call) => {
  const [name = ''] = path.split('.');
  const idsOf = ({ task, list, label, session, event, userId }: World): string[] =>
    [task, list, label, session, event, { userId }].flatMap((ids) => Object.values(ids));

  test("answers an id of one's own as taken, whatever it is or was the id of", async () => {
    const owner = await makeWorld(server);
    const before = await rowsOf(owner);
    for (const id of idsOf(owner)) {
      const reply = await owner.user.run(...call(id, owner));
      const taken = [path === name ? 'input.id TAKEN' : 'input.tasks.0.id TAKEN'];
      expect([reply.fields, reply.partialData], `${id}: ${reply}`).toEqual([taken, { [name]: null }]);
    }
    expect(await rowsOf(owner)).toEqual(before);
  });

  test("answers another user's id as one that nobody has, byte for byte", async () => {
    const owner = await makeWorld(server);
    const before = await rowsOf(owner);
    const nobodys = await (await server.newUser()).run(...call(madeUp, owner));
    expect(nobodys.data[name]).not.toBeNull();
    for (const id of idsOf(owner)) {
      const theirs = await (await server.newUser()).run(...call(id, owner));
      expect(bare(theirs, id), String(theirs)).toBe(bare(nobodys, madeUp));
    }
    expect(await rowsOf(owner)).toEqual(before);
  });
});

test.each([
  ['tasks', 'tasks(after: $after) { nodes { id } pageInfo { endCursor } }'],
  ['lists', 'lists(after: $after) { nodes { id } pageInfo { endCursor } }'],
  ['labels', 'labels(after: $after) { nodes { id } pageInfo { endCursor } }'],
])("a cursor of another user's %s is what rubbish is", async (name, field) => {
  const owner = await makeWorld(server);
  const ask = `query ($after: String) { ${field} }`;
  const after = (await owner.user.run(ask)).data[name].pageInfo.endCursor;
  expect((await owner.user.run(ask, { after })).data[name].nodes).toEqual([]);
  const [theirs, nobodys] = [
    await stranger.user.run(ask, { after }),
    await stranger.user.run(ask, { after: 'rubbish' }),
  ];
  expect(bare(theirs, after)).toBe(bare(nobodys, 'rubbish'));
  expect(theirs.fields).toEqual(['after INVALID_CURSOR']);
});

describe('the filter by owner', () => {
  let orm: Orm;
  let database: ServiceDatabase;
  let owner: World;
  beforeAll(async () => {
    orm = await openOrm(server.databaseUrl, 4);
    database = new ServiceDatabase(orm, true, createLogger('silent'));
    owner = await makeWorld(server);
  });
  afterAll(async () => {
    await database.close();
    await orm.close();
  });

  const accounts = [Session, SecurityEvent, RefreshToken, EmailToken, User] as const;
  const owned = [Label, Task, TaskList, TaskLabel, RetiredId, UserChange, ...accounts] as const;
  const of = ({ userId }: World) => new Database(database, { id: userId } as Viewer);
  const named = (entity: unknown) => (entity === User ? { id: owner.userId } : { user: owner.userId });

  test('is on every entity but those that belong to nobody', () => {
    const others = entities.filter((entity) => !owned.some((one) => one === entity));
    expect(others.map(({ name }) => name)).toEqual(['Throttle', 'ChangeEpoch']);
  });

  test.each(owned)("lets no query find another user's %o, even where it names that user", async (entity) => {
    const find = (viewer: World) => of(viewer).entities.count(entity as typeof Label, named(entity));
    const change = (viewer: World) =>
      of(viewer).change(({ em }) => em.nativeDelete(entity as typeof Label, named(entity)));
    expect(await find(owner)).toBeGreaterThan(0);
    expect(await find(stranger)).toBe(0);
    expect(await change(stranger)).toBe(0);
  });

  test.each(owned)('joins no other table to that of %o', async (entity) => {
    const find = () => of(owner).entities.find(entity as typeof Label, {});
    const { statements } = await collectStatements(find);
    const texts = statements.map(({ text }) => text).join('\n');
    expect(texts).toContain(' from "');
    expect(texts).not.toMatch(/ join /);
  });

  test("stores nothing of another user's, however it was come by", async () => {
    const before = await rowsOf(owner);
    const refusal = 'A change of one user would write a record of another user.';
    const change = (work: (em: EntityManager) => unknown) =>
      of(stranger).change(async ({ em }) => void (await work(em)));
    const label = (em: EntityManager) => em.getReference(Label, [owner.userId, owner.label.live]);
    const now = new Date();
    const row = { id: madeUp, name: 'x', color: null, version: 1, createdAt: now, updatedAt: now, inputHash: null };
    await expect(change((em) => Object.assign(label(em), { name: 'x' }))).rejects.toThrow(refusal);
    await expect(change((em) => em.remove(label(em)))).rejects.toThrow(refusal);
    await expect(change((em) => em.create(Label, { ...row, user: owner.userId }))).rejects.toThrow(refusal);
    await expect(change((em) => Object.assign(em.getReference(User, owner.userId), { email: 'x' }))).rejects.toThrow(
      refusal,
    );
    const give = async (em: EntityManager) => {
      const mine = await em.findOneOrFail(Label, { id: stranger.label.live });
      mine.user = em.getReference(User, owner.userId, { wrapped: true });
    };
    await expect(change(give)).rejects.toThrow(refusal);
    expect(await rowsOf(owner)).toEqual(before);
  });

  test.each(owned)('refuses every query for %o that has no owner', async (entity) => {
    const refusal = "No arguments provided for filter 'owner'";
    const count = () => orm.em.fork().count(entity as typeof Label, named(entity));
    await expect(count()).rejects.toThrow(refusal);
    await expect(
      database.change((_transaction, em) => em.count(entity as typeof Label, named(entity))),
    ).rejects.toThrow(refusal);
  });
});

test('nothing of another user is in any page', async () => {
  const nobody = await server.newUser();
  const pages = `tasks(filter: { trash: INCLUDE }) { totalCount } lists(filter: { trash: INCLUDE }) { totalCount }
    archived: lists(filter: { archived: true }) { totalCount } labels { totalCount }`;
  const none = { totalCount: 0 };
  expect((await nobody.run(`{ ${pages} }`)).data).toEqual({ tasks: none, lists: none, archived: none, labels: none });
});

describe('signed out', () => {
  const own = { mine: madeUp, myList: madeUp, label: { live: madeUp } } as World;
  const others: Record<string, Call> = {
    lists: query('lists { totalCount }', ''),
    labels: query('labels { totalCount }', ''),
  };
  const operations = new Map([
    ...allCalls.map(({ name, call }) => [name, call] as const),
    ...Object.entries({ ...creates, ...others }),
  ]);

  test.each([...operations])('%s answers 401', async (_name, call) => {
    const [operation, variables] = call(madeUp, own);
    const reply = await server.client().run(operation.replace('query ()', 'query'), variables);
    expect([reply.status, reply.code], String(reply)).toEqual([401, 'UNAUTHENTICATED']);
  });
});
