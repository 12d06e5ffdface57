import { describe, expect, test } from 'vitest';
import { purgeEmptiedTrash } from '../../src/tasks/trash/purge-emptied-trash.ts';
import { purgeLists } from '../../src/tasks/trash/purge-lists.ts';
import type { Client, Reply } from '../support/client.ts';
import { mutation } from '../support/input-mutation.ts';
import { useJobsHere } from '../support/jobs-here.ts';
import { startServer, useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';
import { createList, createTask } from '../support/tasks.ts';
import { createTree, load, mutate } from '../support/trees.ts';
import { idOf } from '../support/twins.ts';

/** Without jobs, so that what was in the trash is still being removed until a test runs them. */
const server = useServer({ jobs: false });
const jobsHere = useJobsHere(server);

const emptying = 'mutation { emptyTrash { purgedTasks purgedLists } }';
const empty = async (user: Client): Promise<[number, number]> => {
  const { purgedTasks, purgedLists } = (await user.run(emptying)).data.emptyTrash;
  return [purgedTasks, purgedLists];
};
const rows = (table: string, ids: readonly string[]) => server.sql(`select from ${table} where id = any($1)`, [ids]);
const outcomeOf = (reply: Reply) => [reply.code, reply.fields.join()];

async function runJobs(user: Client): Promise<void> {
  for (const job of [purgeEmptiedTrash, purgeLists]) {
    const [outcome] = await jobsHere.run(job, [idOf(user)]);
    expect(outcome).toMatchObject({ status: 'fulfilled' });
  }
}

/** A user with a tree in the trash, one in a list in the trash, and one that is not in the trash. */
async function withTrash() {
  const user = await server.newUser();
  const [listId, trashedList] = [await createList(user), await createList(user)];
  await user.run(...mutation('updateList', { id: await createList(user), archived: true }));
  const [kept, trashed] = [await createTree(user, { listId }), await createTree(user, { listId })];
  const inList = await createTree(user, { listId: trashedList });
  await mutate(user, 'deleteTask', { id: inList.d });
  await mutate(user, 'deleteList', { id: trashedList });
  await mutate(user, 'deleteTask', { id: trashed.c });
  await mutate(user, 'deleteTask', { id: trashed.a });
  const gone = { trashedList, tasks: [...Object.values(trashed), ...Object.values(inList)] };
  return { user, listId, kept, trashed, inList, gone };
}

describe('emptyTrash', () => {
  test('removes what is in the trash, counts it, and leaves the rest as it is', async () => {
    const { user, listId, kept, gone } = await withTrash();
    const read = `query ($ids: [ID!]) { lists { nodes { id version } } archived: lists(filter: { archived: true }) { totalCount }
      tasks(filter: { labelIds: $ids }) { totalCount nodes { id version updatedAt subtaskCounts { total } } } }`;
    const before = (await user.run(read)).data;
    expect(before.tasks.totalCount).toBe(4);
    expect(await empty(user)).toEqual([8, 1]);
    expect((await user.run(read)).data).toEqual(before);
    await runJobs(user);
    expect((await user.run(read)).data).toEqual(before);
    expect(await rows('task', Object.values(kept))).toHaveLength(4);
    expect(await rows('task_list', [listId])).toHaveLength(1);
    expect([await rows('task', gone.tasks), await rows('task_list', [gone.trashedList])]).toEqual([[], []]);
    expect(await rows('retired_id', [...gone.tasks, gone.trashedList])).toHaveLength(9);
    expect(await server.sql('select from "user" where id = $1 and trash_emptied_at is not null', [idOf(user)])).toEqual(
      [],
    );
  });

  test('finds nothing when repeated, before and after the rows are removed, and counts anew what comes later', async () => {
    const { user, kept } = await withTrash();
    expect(await empty(user)).toEqual([8, 1]);
    expect(await empty(user)).toEqual([0, 0]);
    await mutate(user, 'deleteTask', { id: kept.b });
    expect(await empty(user)).toEqual([2, 0]);
    await runJobs(user);
    expect(await empty(user)).toEqual([0, 0]);
    await mutate(user, 'deleteTask', { id: kept.a });
    expect(await empty(user)).toEqual([2, 0]);
    expect(await empty(await server.newUser())).toEqual([0, 0]);
  });

  test("leaves another user's trash", async () => {
    const [{ user }, other] = [await withTrash(), await withTrash()];
    expect(await empty(user)).toEqual([8, 1]);
    await runJobs(user);
    const { totalCount } = (await other.user.run('{ tasks(filter: { trash: ONLY }) { totalCount } }')).data.tasks;
    expect(totalCount).toBe(8);
    await runJobs(other.user);
    expect(await rows('task', other.gone.tasks)).toHaveLength(8);
    expect(await empty(other.user)).toEqual([8, 1]);
  });

  test('counts each task once among calls at the same moment at two instances', async () => {
    const second = await startServer(server.databaseUrl, { jobs: false });
    try {
      for (let round = 0; round < 3; round++) {
        const { user } = await withTrash();
        const counts = await Promise.all([user, user.at(second.url), user, user.at(second.url)].map(empty));
        expect(counts.toSorted(([one], [other]) => other - one)).toEqual([[8, 1], ...Array(3).fill([0, 0])]);
      }
    } finally {
      await second.stop();
    }
  });

  test('answers for ten thousand tasks without touching one of them', async () => {
    const user = await server.newUser();
    await createTask(user, 'kept');
    await server.sql(
      `insert into task (user_id, id, position, title, description, priority, version, created_at, updated_at, deleted_at)
       select user_id, gen_random_uuid(), 'c' || lpad(n::text, 6, '0'), 'x', '', 0, 1, now(), now(), now()
       from task, generate_series(1, 10000) n where user_id = $1`,
      [idOf(user)],
    );
    const { result, statements } = await collectStatements(() => empty(user));
    expect(result).toEqual([10_000, 0]);
    expect(statements.filter(({ text }) => /(delete from|update|insert into) "?task\b/.test(text))).toEqual([]);
    const read = '{ tasks(filter: { trash: INCLUDE }) { totalCount } }';
    expect((await user.run(read)).data.tasks.totalCount).toBe(1);
    await runJobs(user);
    expect(await server.sql('select from task where user_id = $1', [idOf(user)])).toHaveLength(1);
  });

  test('needs a log-in', async () => {
    expect((await server.client().run(emptying)).status).toBe(401);
  });
});

describe('what was in the trash when it was emptied is gone, although its rows are still there:', () => {
  test('reads', async () => {
    const { user, listId, trashed, inList, gone } = await withTrash();
    await empty(user);
    expect(await rows('task', gone.tasks)).toHaveLength(8);
    expect(await load(user, { ...trashed, ...inList })).toEqual([null, null, null, null]);
    for (const id of [...gone.tasks, gone.trashedList]) {
      expect((await user.run('query ($id: ID!) { node(id: $id) { id } }', { id })).data.node).toBeNull();
    }
    const nothing = { totalCount: 0, nodes: [] };
    const four = { totalCount: 4, nodes: Array(4).fill({ __typename: 'Task' }) };
    const found = '{ totalCount nodes { __typename } }';
    const operation = `query ($id: ID!) {
      only: tasks(filter: { trash: ONLY }) ${found}
      byTitle: tasks(filter: { trash: ONLY }, orderBy: { field: TITLE, direction: ASC }) ${found}
      all: tasks(filter: { trash: INCLUDE }) ${found}
      inbox: tasks(filter: { trash: ONLY, inbox: true }) ${found}
      allInbox: tasks(filter: { trash: INCLUDE, inbox: true }) ${found}
      named: tasks(filter: { trash: ONLY, listId: $id }) ${found}
      allNamed: tasks(filter: { trash: INCLUDE, listId: $id }) ${found}
      list(id: $id) { only: tasks(filter: { trash: ONLY }) ${found}
        all: tasks(filter: { trash: INCLUDE }, orderBy: { field: TITLE, direction: ASC }) ${found} }
      lists(filter: { trash: ONLY }) ${found} }`;
    expect((await user.run(operation, { id: listId })).data).toEqual({
      only: nothing,
      byTitle: nothing,
      all: four,
      inbox: nothing,
      allInbox: nothing,
      named: nothing,
      allNamed: four,
      list: { only: nothing, all: four },
      lists: nothing,
    });
  });

  test('subtasks of a task or a list that is deleted later', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const { a, b } = await createTree(user, { listId });
    const hidden = await createTask(user, 'hidden', { parentId: a });
    await mutate(user, 'deleteTask', { id: hidden });
    expect(await empty(user)).toEqual([1, 0]);
    const titlesOf = async (args: string) => {
      const read = `query ($id: ID!) { task(id: $id) { subtaskCounts { total } subtasks(${args}) { nodes { title } } } }`;
      const { subtaskCounts, subtasks } = (await user.run(read, { id: a })).data.task;
      return [subtaskCounts.total, ...subtasks.nodes.map(({ title }: { title: string }) => title)];
    };
    await mutate(user, 'deleteList', { id: listId });
    // Read with the task, and by the resolver.
    for (const args of ['first: 9', 'first: 9, after: null']) expect(await titlesOf(args)).toEqual([2, 'b', 'd']);
    await mutate(user, 'restoreList', { id: listId });
    await mutate(user, 'deleteTask', { id: a });
    for (const args of ['first: 9', 'first: 9, after: null']) expect(await titlesOf(args)).toEqual([0, 'b', 'd']);
    await runJobs(user);
    expect(await rows('task', [a, b, hidden])).toHaveLength(2);
    expect((await mutate(user, 'restoreTask', { id: a })).restoredIds).toHaveLength(4);
  });

  test('changes, and its ids stay taken', async () => {
    const { user, kept, trashed, gone } = await withTrash();
    await empty(user);
    const inputs: [string, object][] = [
      ['restoreTask', { id: trashed.a }],
      ['updateTask', { id: trashed.a, title: 'new' }],
      ['completeTask', { id: trashed.b }],
      ['deleteTask', { id: trashed.d }],
      ['moveTask', { id: trashed.a }],
      ['restoreList', { id: gone.trashedList }],
    ];
    for (const [name, input] of inputs) {
      const reply = await user.run(...mutation(name, { ...input }));
      expect([name, ...outcomeOf(reply)]).toEqual([name, 'NOT_FOUND', 'input.id NOT_FOUND']);
    }
    const below = await user.run(...mutation('createTask', { title: 'x', parentId: trashed.a }));
    expect(outcomeOf(below)).toEqual(['NOT_FOUND', 'input.parentId NOT_FOUND']);
    const beside = await user.run(...mutation('moveTask', { id: kept.a, afterId: trashed.a }));
    expect(outcomeOf(beside)).toEqual(['NOT_FOUND', 'input.afterId NOT_FOUND']);
    expect(outcomeOf(await user.run(...mutation('createTask', { id: trashed.a, title: 'x' })))).toEqual([
      'CONFLICT',
      'input.id TAKEN',
    ]);
    for (const id of gone.tasks) expect((await mutate(user, 'purgeTask', { id })).purgedIds).toContain(id);
    expect((await user.run(...mutation('purgeList', { id: gone.trashedList }))).data.purgeList).toBeTruthy();
  });

  test('but not what is deleted by a change that began before', async () => {
    const { user, kept } = await withTrash();
    await empty(user);
    // As if this were later than the start of the next change.
    const later = `update "user" set trash_emptied_at = now() + interval '1 minute' where id = $1`;
    await server.sql(later, [idOf(user)]);
    await mutate(user, 'deleteTask', { id: kept.a });
    const { nodes } = (await user.run('{ tasks(filter: { trash: ONLY }) { nodes { id } } }')).data.tasks;
    expect(nodes).toHaveLength(4);
    expect((await mutate(user, 'restoreTask', { id: kept.a })).restoredIds).toHaveLength(4);
    await mutate(user, 'deleteTask', { id: kept.a });
    expect(await empty(user)).toEqual([4, 0]);
    await runJobs(user);
    expect(await rows('task', Object.values(kept))).toEqual([]);
  });
});
