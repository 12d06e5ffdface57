import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';

const server = useServer();

const everyField = `__typename id title description completed completedAt priority position version createdAt updatedAt
  deletedAt due { date time timeZone at }`;

/** What no JSON may be broken by, and each form of a due. */
const inputs = [
  { title: '"quoted" \\ back', description: 'lines\nand\ttabs\r\n\u2028\u2029', priority: 'URGENT' },
  { title: '日本語 🙂 \u007f', description: '</script>', due: { date: '2026-12-24' } },
  { title: 'at a time', due: { date: '2026-12-24', time: '09:30' }, priority: 'LOW' },
  { title: 'in a zone', due: { date: '2026-12-24', time: '09:30:15', timeZone: 'America/St_Johns' } },
];

async function someone(): Promise<{ user: Client; list: string; task: string }> {
  const user = await server.newUser();
  const label =
    'mutation ($name: String!, $color: String) { createLabel(input: { name: $name, color: $color }) { label { id } } }';
  const labelIds: string[] = [];
  for (const [name, color] of [
    ['b', '#aabbcc'],
    ['A "quoted"', null],
  ]) {
    labelIds.push((await user.run(label, { name, color })).data.createLabel.label.id);
  }
  const list = (await user.run('mutation { createList(input: { name: "L\\\\ist" }) { list { id } } }')).data.createList
    .list.id;
  const create = 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }';
  const add = async (input: object): Promise<string> => (await user.run(create, { input })).data.createTask.task.id;
  const ids: string[] = [];
  for (const input of inputs) ids.push(await add(input));
  const task = await add({ title: 'parent', listId: list, labelIds });
  const part = await add({ title: 'part', parentId: task, labelIds: labelIds.slice(0, 1) });
  await add({ title: 'part of it', parentId: part });
  await user.run('mutation ($id: ID!) { completeTask(input: { id: $id }) { task { id } } }', { id: part });
  // By position, not as they were made.
  await add({ title: 'last part', parentId: task });
  const move = 'mutation ($id: ID!, $to: ID!) { moveTask(input: { id: $id, beforeId: $to }) { task { id } } }';
  await user.run(move, { id: await add({ title: 'first part', parentId: task }), to: part });
  // In the trash: a part of what is not, and what is there with its part.
  const trash = async (id: unknown) =>
    user.run('mutation ($id: ID!) { deleteTask(input: { id: $id }) { task { id } } }', { id });
  await trash(await add({ title: 'part in the trash', parentId: task }));
  await add({ title: 'part of what is in the trash', parentId: ids[0] });
  await trash(ids[0]);
  return { user, list, task };
}

/** What an operation answers, and the statements that the real driver was given for it, but for the one about the viewer. */
async function watch(user: Client, operation: string): Promise<{ answer: string; texts: string[] }> {
  const { result, statements } = await collectStatements(() => user.run(operation));
  return {
    answer: `${result.status} ${result.text.replaceAll(/"requestId":"[^"]+"/g, '"requestId":""')}`,
    texts: statements.map(({ text }) => text).filter((sql) => !sql.includes('named(user_id, id)')),
  };
}

type Operation = (of: { list: string; task: string }) => string;

const operations: Record<string, Operation> = {
  'every field': () => `{ tasks(filter: { trash: INCLUDE }) { __typename nodes { ${everyField} } } }`,
  'aliases outside of records, and of pages below them': () =>
    '{ mine: tasks { all: edges { one: node { title part: subtasks(first: 1) { nodes { id } } } } } }',
  'list, parent and labels': () => `{ tasks { nodes { id
    list { __typename id name color position archived version createdAt updatedAt deletedAt }
    parent { ${everyField} list { name } labels { name } parent { id } } labels { __typename id name color version createdAt updatedAt } } } }`,
  'subtasks, first, last and between': () => `{ tasks(first: 9, filter: { topLevel: true }) { nodes {
    first: subtasks(first: 1) { nodes { id labels { name } subtasks(first: 2) { totalCount nodes { title } } } }
    id between: subtasks(last: 1) { edges { cursor node { title } } pageInfo { hasPreviousPage startCursor } }
    title last: subtasks(first: 3) { nodes { priority parent { id } } } } totalCount pageInfo { hasNextPage endCursor } } }`,
  'the last subtasks alone': () => '{ tasks { nodes { subtasks(last: 1) { nodes { id } } } } }',
  'aliases of columns': () =>
    '{ tasks { nodes { id chosen: title chosen2: title version chosen3: createdAt chosen4: due { date } chosen5: __typename } } }',
  'one of each': ({ list, task }) =>
    `{ task(id: "${task}") { ${everyField} labels { id } subtasks { nodes { title } } } list(id: "${list}") { name tasks { nodes { title } } } }`,
  'lists and labels': () =>
    '{ lists { edges { cursor node { id tasks { totalCount nodes { title } } name } } } labels { nodes { name color } } }',
  'the type alone': () => '{ tasks { nodes { __typename } } }',
  'no record at all': ({ list }) =>
    `{ tasks(filter: { search: "nothing" }) { nodes { id } pageInfo { endCursor } } task(id: "${list}") { id } }`,
  'fragments, on the type and on its interface': () => `{ tasks { ...Page } }
    fragment Page on TaskConnection { nodes { ...Row ... on Node { id } ... { version } } }
    fragment Row on Task { title labels { ...Mark } } fragment Mark on Label { name }`,
  'fields that are asked for in several places': () =>
    '{ tasks { nodes { id labels { id } } } tasks { totalCount nodes { title labels { name } } } }',
  'an order and a filter': () =>
    '{ tasks(first: 2, orderBy: { field: TITLE, direction: ASC }, filter: { search: "t", priorities: [NONE, LOW] }) { nodes { title } } }',
  'some subtasks of each': () =>
    '{ tasks(first: 20, filter: { topLevel: true }) { nodes { title subtasks(first: 2) { __typename nodes { __typename title completed } } id } } }',
  'subtasks, as many as a page has': () => '{ tasks(first: 20) { edges { node { subtasks { nodes { title } } } } } }',
  'subtasks of what is in the trash too': () =>
    '{ tasks(first: 20, filter: { trash: INCLUDE }) { nodes { title subtasks(first: 90) { nodes { title deletedAt } } } } }',
  'no subtasks of any': () => '{ tasks(first: 20) { nodes { title subtasks(first: 0) { nodes { id } } } } }',
  'subtasks with theirs': () => `{ tasks(first: 20) { nodes { ${everyField} labels { name } parent { list { name } }
    subtasks(first: 4) { nodes { ${everyField} list { name } labels { name } subtasks(first: 2) { nodes { title list { color } } } } } } } }`,
  'subtasks of one task': ({ task }) => `{ task(id: "${task}") { subtasks(first: 3) { nodes { title } } } }`,
  'records that are asked for twice': () => '{ tasks { nodes { id } edges { node { title } } } }',
  'records under two names': () => '{ tasks { a: nodes { id } b: nodes { title } } }',
  'an alias below': () =>
    '{ tasks { nodes { due { chosen: date at } list { chosen: name } labels { chosen: name } } } }',
  'related records under two names': () =>
    '{ tasks { nodes { title chosen: labels { name } chosen2: labels { name } chosen3: parent { title } } } }',
  // Tasks share a parent: its subtasks would be read once for each of them.
  'a page below a related record': () =>
    '{ tasks(first: 9) { nodes { title parent { subtasks(first: 2) { nodes { title } } } } } }',
  'an alias in a page below': () =>
    '{ tasks(first: 9) { nodes { subtasks { chosen: nodes { id } nodes { chosen: title } } } } }',
  'a page below a related record, with cursors': () =>
    '{ tasks(first: 9) { nodes { parent { id subtasks { pageInfo { endCursor } nodes { title } } } list { tasks { totalCount } } } } }',
  'pages below a record under several names': () =>
    '{ tasks(first: 9) { nodes { one: subtasks(first: 1) { nodes { title } } two: subtasks(first: 2) { nodes { title } } } } }',
  'how many there are': () =>
    '{ tasks(first: 9) { nodes { title subtasks(first: 1) { totalCount nodes { title } } } } }',
  'what is no record': () => '{ me { id email sessions(first: 1) { nodes { id current createdAt } } } errorCodes }',
};

let ready: ReturnType<typeof someone> | undefined;
const whoever = () => {
  ready ??= someone();
  return ready;
};

/** What is read for the first answer, which is graphql-js's, and for the second, which is the same. */
async function readTwice(operationFor: Operation): Promise<{ answer: string; texts: string[] }> {
  const { user, ...ids } = await whoever();
  const operation = `${operationFor(ids)} # ${randomUUID()}`;
  const [first, again] = [await watch(user, operation), await watch(user, operation)];
  expect(again.answer).toBe(first.answer);
  expect(again.texts.sort()).toEqual(first.texts.sort());
  return again;
}

test.each(Object.entries(operations))('%s: read and answered alike when seen again', async (_name, operationFor) => {
  const { answer, texts } = await readTwice(operationFor);
  expect(answer).toMatch(/^200 \{"data":/);
  // A name that the client has chosen.
  expect(texts.join()).not.toContain('chosen');
});

test('related records come with the record, in one statement', async () => {
  const { answer, texts } = await readTwice(operations['list, parent and labels'] as Operation);
  expect(answer).toContain('"name":"A \\"quoted\\""');
  expect(texts).toHaveLength(1);
});

test('a page has fifty records where the operation does not say how many', async () => {
  const user = await server.newUser();
  const created = await user.run('mutation { createTask(input: { title: "parent" }) { task { id } } }');
  await server.sql(
    `insert into task
       (user_id, id, parent_id, title, description, priority, version, position, search_text, created_at, updated_at)
     select user_id, gen_random_uuid(), id, 'part ' || n, '', 0, 1, 'a' || lpad((n * 37 % 101)::text, 3, '0'), '', now(), now()
     from task, generate_series(1, 60) n where id = $1`,
    [created.data.createTask.task.id],
  );
  const operation = '{ tasks(first: 9, filter: { topLevel: true }) { nodes { subtasks { nodes { title } } } } }';
  expect((await watch(user, operation)).answer.match(/part \d+/g)).toHaveLength(50);
});

test('a query is not taken for another: of another size, or with other aliases', async () => {
  const below = (page: string) => readTwice(() => `{ tasks(filter: { topLevel: true }) { nodes { ${page} } } }`);
  const answers = [
    await below('subtasks(first: 1) { nodes { title } }'),
    await below('subtasks(first: 2) { nodes { title } }'),
    await below('title version'),
    await below('title other: version'),
    await below('other: title version'),
  ];
  expect(new Set(answers.map(({ answer }) => answer)).size).toBe(answers.length);
});

test.each(['first: 1, after: "x"', 'before: "x"', 'first: 101', 'first: -1', 'last: -1', 'first: 1, last: 1'])(
  'what each record of a page refuses is reported once: subtasks(%s)',
  async (args) => {
    const { user, task } = await whoever();
    const page = `subtasks(${args}) { nodes { id } }`;
    for (const query of [
      `{ tasks(first: 9) { nodes { ${page} } } }`,
      `{ node(id: "${task}") { ... on Task { ${page} other: ${page} } } }`,
    ]) {
      const operation = `${query} # ${randomUUID()}`;
      const [first, again] = [await watch(user, operation), await watch(user, operation)];
      expect(again.answer).toBe(first.answer);
      expect(first.answer.match(/BAD_USER_INPUT/g)).toHaveLength(1);
    }
  },
);

test('a field that fails leaves the others their answers', async () => {
  const { user, ...ids } = await whoever();
  const operation = `{ task(id: "${ids.task}") { title } tasks(after: "x") { nodes { id } } labels { nodes { name } } }`;
  await readTwice(() => operation);
  const reply = await user.run(operation);
  expect(reply.partialData).toMatchObject({ task: { title: 'parent' }, tasks: null, labels: { nodes: [{}, {}] } });
  expect([reply.code, reply.error.path]).toEqual(['BAD_USER_INPUT', ['tasks']]);
});

/** How often each part of a plan ran that is run for single rows. */
function runsBelow(plan: Record<string, unknown>): number[] {
  const below = (plan.Plans as Record<string, unknown>[] | undefined) ?? [];
  const own = plan['Parent Relationship'] === 'SubPlan' ? [Number(plan['Actual Loops'])] : [];
  return [...own, ...below.flatMap(runsBelow)];
}

test('of many tasks that are sorted, those of the page alone get their related records', async () => {
  const user = await server.newUser();
  const created = await user.run('mutation { createList(input: { name: "few" }) { list { id } } }');
  const listId = created.data.createList.list.id;
  // So few are in the list that sorting them is less work than going through all tasks in their order.
  await server.sql(
    `insert into task
       (user_id, id, list_id, title, description, priority, version, position, search_text, created_at, updated_at)
     select id, gen_random_uuid(), case when n % 250 = 0 then $2::uuid end, md5(n::text), '', 0, 1, 'a' || n, '', now(), now()
     from "user", generate_series(1, 5000) n where email = $1`,
    [user.email, listId],
  );
  await server.sql('analyze task');
  const order = 'orderBy: { field: TITLE, direction: ASC }';
  const operation = `{ tasks(first: 5, ${order}, filter: { listId: "${listId}" }) { nodes { id labels { id } } } }`;
  const { statements } = await collectStatements(() => user.run(operation));
  const [page] = statements.filter(({ text }) => text.includes('task_label as link'));
  const [explained] = await server.sql(`explain (analyze, format json) ${page?.text}`, [...(page?.values ?? [])]);
  const [analyzed] = (explained?.['QUERY PLAN'] ?? []) as { Plan: Record<string, unknown> }[];
  expect(JSON.stringify(analyzed)).toContain('"Node Type":"Sort"');
  expect(runsBelow(analyzed?.Plan ?? {})).toEqual([6]);
});
