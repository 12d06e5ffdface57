import { expect, test } from 'vitest';
import { useServer } from '../support/server.ts';

// A server of its own: what is looked at is which statements it has prepared before.
const server = useServer();

test('undated tasks come last in both directions below several lists, whichever is asked for first', async () => {
  const user = await server.newUser();
  for (const name of ['one', 'two']) {
    const list = `mutation ($name: String!) { createList(input: { name: $name }) { list { id } } }`;
    const listId = (await user.run(list, { name })).data.createList.list.id;
    const task = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
    for (const [title, date] of [['undated'], ['early', '2026-01-01'], ['late', '2026-02-01']]) {
      await user.run(task, { input: { listId, title, ...(date ? { due: { date } } : {}) } });
    }
  }
  const titles = async (window: string, direction: string) => {
    const order = `orderBy: { field: DUE, direction: ${direction} }`;
    const reply = await user.run(`{ lists { nodes { tasks(${order}, ${window}) { nodes { title } } } } }`);
    type Node = { tasks: { nodes: { title: string }[] } };
    return reply.data.lists.nodes.map(({ tasks }: Node) => tasks.nodes.map(({ title }) => title).join());
  };
  for (const window of ['last: 2', 'first: 2']) {
    const [ascending, descending] = window.startsWith('last')
      ? ['late,undated', 'early,undated']
      : ['early,late', 'late,early'];
    expect(await titles(window, 'ASC')).toEqual([ascending, ascending]);
    expect(await titles(window, 'DESC')).toEqual([descending, descending]);
  }
});

test('a cursor by due with a time that no calendar has is refused', async () => {
  const user = await server.newUser();
  await user.run('mutation { createTask(input: { title: "a", due: { date: "2026-01-01" } }) { task { id } } }');
  const page =
    'query ($after: String) { tasks(after: $after, orderBy: { field: DUE, direction: ASC }) { edges { cursor } } }';
  const [{ cursor }] = (await user.run(page)).data.tasks.edges;
  const [fingerprint, , id] = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  for (const key of [-253_402_300_799_999, -62_167_219_200_000, 1e300, 'now']) {
    const after = Buffer.from(JSON.stringify([fingerprint, key, id])).toString('base64url');
    expect((await user.run(page, { after })).fields).toEqual(['after INVALID_CURSOR']);
  }
});

test.each([
  ['l’école', "l'ecole"],
  ['“quoted”', '"quoted"'],
  ['½ cup', '1/2'],
  ['co\u00adop', 'coop'],
  ['ħello', 'hello'],
])('%s is found by %s', async (title, search) => {
  const user = await server.newUser();
  await user.createTask(title);
  await user.createTask('other');
  const find = 'query ($search: String!) { tasks(filter: { search: $search }) { nodes { title } } }';
  expect((await user.run(find, { search })).data.tasks.nodes).toEqual([{ title }]);
  expect((await user.run(find, { search: 'ـ' })).data.tasks.nodes).toEqual([]);
});
