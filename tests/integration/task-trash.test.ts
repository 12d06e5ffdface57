import { describe, expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const fields = 'id title completed completedAt version createdAt updatedAt deletedAt';
const operations = {
  task: `query ($id: ID!) { task(id: $id) { ${fields} } }`,
  list: '{ tasks { nodes { id } } }',
  complete: `mutation ($id: ID!) { completeTask(input: { id: $id }) { task { ${fields} } } }`,
  delete: `mutation ($id: ID!) { deleteTask(input: { id: $id }) { task { ${fields} } deletedIds } }`,
  restore: `mutation ($id: ID!) { restoreTask(input: { id: $id }) { task { ${fields} } restoredIds } }`,
  purge: 'mutation ($id: ID!) { purgeTask(input: { id: $id }) { purgedIds } }',
  node: `query ($id: ID!) { node(id: $id) { __typename id } }`,
};
/** What names a task by its id and is not in tasks.test.ts. */
const byId = { restoreTask: operations.restore, purgeTask: operations.purge, node: operations.node };
const madeUp = '01a1fd83-085f-7429-8acf-26a739617b03';
const instant = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

async function load(user: Client, id: string) {
  return (await user.run(operations.task, { id })).data.task;
}

/** Without what tells two answers about different ids apart. */
function bare(reply: Reply, id: string): string {
  return reply.text.replace(/"requestId":"[^"]+"/, '').replaceAll(id, madeUp);
}

describe('restoreTask', () => {
  test('takes a task out of the trash as it was, one version on', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    const { task: done } = (await user.run(operations.complete, { id })).data.completeTask;
    await user.run(operations.delete, { id });
    const { task, restoredIds } = (await user.run(operations.restore, { id })).data.restoreTask;
    expect(task).toEqual({ ...done, deletedAt: null, version: 4, updatedAt: instant });
    expect(restoredIds).toEqual([id]);
    expect(await load(user, id)).toEqual(task);
    expect((await user.run(operations.list)).data.tasks.nodes).toEqual([{ id }]);
  });

  test('changes nothing where the task is not in the trash', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    const before = await load(user, id);
    for (let times = 0; times < 2; times++) {
      const restored = (await user.run(operations.restore, { id: id.toUpperCase() })).data.restoreTask;
      expect(restored).toEqual({ task: before, restoredIds: [id] });
    }
  });
});

describe('purgeTask', () => {
  test('removes a task in the trash for good, and succeeds again', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    await user.run(operations.delete, { id });
    for (let times = 0; times < 2; times++) {
      expect((await user.run(operations.purge, { id: id.toUpperCase() })).data.purgeTask.purgedIds).toEqual([id]);
      expect(await load(user, id)).toBeNull();
    }
    expect(await server.sql('select id from task where id = $1', [id])).toEqual([]);
    expect((await user.run(operations.node, { id })).data.node).toBeNull();
    for (const operation of [operations.restore, operations.delete, operations.complete]) {
      const reply = await user.run(operation, { id });
      expect([reply.code, reply.fields]).toEqual(['NOT_FOUND', ['input.id NOT_FOUND']]);
    }
  });

  test('refuses a task that is not in the trash', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    const before = await load(user, id);
    const reply = await user.run(operations.purge, { id });
    expect([reply.status, reply.code, reply.fields]).toEqual([200, 'BAD_USER_INPUT', ['input.id NOT_IN_TRASH']]);
    expect(await load(user, id)).toEqual(before);
  });

  test('leaves the rest of the trash alone', async () => {
    const user = await server.newUser();
    const [id, other] = [await user.createTask(), await user.createTask()];
    await user.run(operations.delete, { id });
    const { task } = (await user.run(operations.delete, { id: other })).data.deleteTask;
    await user.run(operations.purge, { id });
    expect(await load(user, other)).toEqual(task);
  });

  test('by ten clients at once succeeds for each of them', async () => {
    const user = await server.newUser();
    const id = await user.createTask();
    await user.run(operations.delete, { id });
    const replies = await Promise.all(Array.from({ length: 10 }, () => user.run(operations.purge, { id })));
    for (const reply of replies) expect(reply.data.purgeTask.purgedIds).toEqual([id]);
  });

  test('is to a stranger what a made-up id is, byte for byte', async () => {
    const [owner, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const id = await owner.createTask('private');
    await owner.run(operations.delete, { id });
    await owner.run(operations.purge, { id });
    const theirs = await stranger.run(operations.purge, { id });
    expect([theirs.status, theirs.code, theirs.fields]).toEqual([200, 'NOT_FOUND', ['input.id NOT_FOUND']]);
    expect(bare(theirs, id)).toBe(bare(await stranger.run(operations.purge, { id: madeUp }), madeUp));
  });
});

describe('node', () => {
  test('answers a task, in the trash or not, with what fragments and aliases ask for', async () => {
    const user = await server.newUser();
    const id = await user.createTask('mine');
    const query = `query ($id: ID!) {
      node(id: $id) { __typename again: id ... on Task { called: title } ...Times ... on User { email } }
      other: node(id: $id) { id ... on Node { self: id } ... on Task { priority completed } }
    }
    fragment Times on Task { version deletedAt }`;
    const other = { id, self: id, priority: 'NONE', completed: false };
    const here = { __typename: 'Task', again: id, called: 'mine', version: 1, deletedAt: null };
    expect((await user.run(query, { id })).data).toEqual({ node: here, other });
    await user.run(operations.delete, { id });
    const inTrash = { ...here, version: 2, deletedAt: instant };
    expect((await user.run(query, { id: id.toUpperCase() })).data).toEqual({ node: inTrash, other });
  });

  test('answers oneself as User', async () => {
    const user = await server.newUser();
    const { me } = (await user.run('{ me { id email createdAt } }')).data;
    const query = `query ($id: ID!) { node(id: $id) {
      __typename id ... on User { email since: createdAt } ... on Task { title createdAt } } }`;
    const { id, email, createdAt } = me;
    expect((await user.run(query, { id })).data.node).toEqual({ __typename: 'User', id, email, since: createdAt });
  });

  test("answers null for whatever is not the asker's own", async () => {
    const [owner, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const { id: ownerId } = (await owner.run('{ me { id } }')).data.me;
    for (const id of [ownerId, await owner.createTask('private'), madeUp]) {
      const reply = await stranger.run(operations.node, { id });
      expect(reply.text).toBe('{"data":{"node":null}}\n');
    }
  });
});

describe("another user's task", () => {
  test.each(Object.entries(byId))('is to %s what a made-up id is, byte for byte', async (_name, operation) => {
    const [owner, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    const [open, trashed] = [await owner.createTask('private'), await owner.createTask('private')];
    await owner.run(operations.delete, { id: trashed });
    for (const id of [open, trashed]) {
      const before = await load(owner, id);
      const theirs = await stranger.run(operation, { id });
      expect(bare(theirs, id)).toBe(bare(await stranger.run(operation, { id: madeUp }), madeUp));
      if (operation !== operations.node) {
        expect([theirs.status, theirs.code, theirs.fields]).toEqual([200, 'NOT_FOUND', ['input.id NOT_FOUND']]);
      }
      expect(await load(owner, id)).toEqual(before);
    }
  });
});

test.each(Object.entries(byId))('%s refuses a malformed id', async (name, operation) => {
  const user = await server.newUser();
  for (const id of ['', 'x', `${madeUp}0`, "' or true --", madeUp.replace('-', '_')]) {
    const reply = await user.run(operation, { id });
    const field = name === 'node' ? 'id' : 'input.id';
    const outcome = [reply.status, reply.code, reply.fields];
    expect(outcome, String(reply)).toEqual([200, 'BAD_USER_INPUT', [`${field} INVALID_ID`]]);
  }
});

test.each(Object.entries(byId))('%s needs a session', async (_name, operation) => {
  const reply = await server.client().run(operation, { id: madeUp });
  expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
});
