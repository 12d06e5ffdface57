import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';
import { createList, createTask, createTasks, moveTask } from '../support/tasks.ts';
import { createTree, mutate } from '../support/trees.ts';

const server = useServer();
const counts = 'subtaskCounts { total completed }';
const complete = (user: Client, id: string) =>
  user.run('mutation ($id: ID!) { completeTask(input: { id: $id }) { task { id } } }', { id });

async function countsOf(user: Client, id: string): Promise<[number, number]> {
  const { total, completed } = (await user.run(`query ($id: ID!) { task(id: $id) { ${counts} } }`, { id })).data.task
    .subtaskCounts;
  return [total, completed];
}

describe('subtaskCounts', () => {
  test('counts direct subtasks alone, and the completed ones among them', async () => {
    const user = await server.newUser();
    const { a, b, c, d } = await createTree(user);
    expect([await countsOf(user, a), await countsOf(user, b), await countsOf(user, d)]).toEqual([
      [2, 0],
      [1, 0],
      [0, 0],
    ]);
    for (const id of [c, d]) await complete(user, id);
    expect([await countsOf(user, a), await countsOf(user, b)]).toEqual([
      [2, 1],
      [1, 1],
    ]);
    await moveTask(user, d, { parentId: b });
    expect([await countsOf(user, a), await countsOf(user, b)]).toEqual([
      [1, 0],
      [2, 2],
    ]);
  });

  test('leaves the trash out, and what is restored is back', async () => {
    const user = await server.newUser();
    const { a, b, d } = await createTree(user);
    await complete(user, d);
    await mutate(user, 'deleteTask', { id: d });
    expect(await countsOf(user, a)).toEqual([1, 0]);
    await mutate(user, 'restoreTask', { id: d });
    expect(await countsOf(user, a)).toEqual([2, 1]);
    await mutate(user, 'deleteTask', { id: a });
    expect([await countsOf(user, a), await countsOf(user, b)]).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  test('counts in a list in the trash what `subtasks` lists there', async () => {
    const user = await server.newUser();
    const listId = await createList(user);
    const { a, b, d } = await createTree(user, { listId });
    await mutate(user, 'deleteTask', { id: d });
    await mutate(user, 'deleteList', { id: listId });
    const operation = `query ($ids: TaskFilter) { tasks(filter: $ids) {
      nodes { id ${counts} subtasks { totalCount nodes { completed } } } } }`;
    const { nodes } = (await user.run(operation, { ids: { trash: 'ONLY' } })).data.tasks;
    expect(nodes).toHaveLength(4);
    for (const { subtaskCounts, subtasks } of nodes) expect(subtaskCounts.total).toBe(subtasks.totalCount);
    expect([await countsOf(user, a), await countsOf(user, b)]).toEqual([
      [2, 0],
      [1, 0],
    ]);
    await mutate(user, 'restoreList', { id: listId });
    expect(await countsOf(user, a)).toEqual([1, 0]);
  });

  test("counts no other user's tasks", async () => {
    const [user, other] = [await server.newUser(), await server.newUser()];
    const mine = await createTask(user, 'mine');
    const theirs = await createTask(other, 'theirs');
    await createTask(other, 'below', { parentId: theirs });
    // Ids are unique for each user only.
    await server.sql('update task set parent_id = null where title = $1', ['below']);
    await server.sql('update task set id = $1 where id = $2', [mine, theirs]);
    await server.sql('update task set parent_id = $1 where title = $2', [mine, 'below']);
    expect([await countsOf(other, mine), await countsOf(user, mine)]).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });

  test.each([
    ['completeTask', 'parent', 'b', [2, 1]],
    ['completeTasks', 'parent', 'b', [2, 1]],
    ['deleteTask', 'parent', 'b', [1, 0]],
  ] as const)('in the answer of %s, counts the %s of the task after the change', async (name, field, of, expected) => {
    const user = await server.newUser();
    const tree = await createTree(user);
    const several = name.endsWith('s');
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`;
    const operation = `mutation ($input: ${type}) { ${name}(input: $input) {
      ${several ? 'tasks' : 'task'} { title ${field} { ${counts} } } } }`;
    const payload = (await user.run(operation, { input: several ? { ids: [tree[of]] } : { id: tree[of] } })).data[name];
    const task = several ? payload.tasks[0] : payload.task;
    expect(task).toEqual({
      title: of,
      [field]: { subtaskCounts: { total: expected[0], completed: expected[1] } },
    });
  });
});

describe('with many tasks, subtaskCounts', () => {
  /** A user whose three tasks have so many subtasks each, every other one completed. */
  async function userWith(subtasks: number): Promise<Client> {
    const user = await server.newUser();
    const parents = await createTasks(user, ['a', 'b', 'c']);
    for (const id of Object.values(parents)) {
      await server.sql(
        `insert into task (user_id, id, parent_id, position, title, description, priority, version, created_at,
           updated_at, completed_at)
         select user_id, gen_random_uuid(), id, 'c' || lpad(number::text, 4, '0'), 'many', '', 0, 1, now(), now(),
           case when number % 2 = 0 then now() end
         from task, generate_series(1, $2::int) as number where id = $1`,
        [id, subtasks],
      );
    }
    await server.sql('analyze task');
    return user;
  }
  const page = () => `{ tasks(filter: { topLevel: true }) { nodes { title ${counts} parent { ${counts} } } } }
    # ${randomUUID()}`;

  test('is read in the statement that reads the tasks, from an index', async () => {
    const user = await userWith(1_000);
    // Not by `run`, which sends queries several times in test:executors.
    const { result, statements } = await collectStatements(() => user.post(JSON.stringify({ query: page() })));
    expect(result.data.tasks.nodes).toEqual(
      ['c', 'b', 'a'].map((title) => ({ title, subtaskCounts: { total: 1_000, completed: 500 }, parent: null })),
    );
    const reads = statements.filter(({ text }) => text.includes(' task'));
    expect(reads).toHaveLength(1);
    for (const { text, values } of reads) {
      const plan = JSON.stringify(await server.sql(`explain (format json) ${text}`, [...values]));
      expect(plan).toContain('"Index Name":"task_by_parent"');
      expect(plan).not.toContain('Seq Scan');
    }
  });

  test('has a cost for each task of a page', async () => {
    const user = await server.newUser();
    const cost = async (field: string) => {
      const query = `{ tasks(first: 100) { nodes { id ${field} } } }`;
      const { text } = await user.post(JSON.stringify({ query }), { 'x-graphql-cost': '1' });
      return JSON.parse(text).extensions.cost.requested;
    };
    expect((await cost(counts)) - (await cost(''))).toBe(500);
  });
});
