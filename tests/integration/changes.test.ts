import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { idOf } from '../support/deletable-account.ts';
import { useServer } from '../support/server.ts';
import { createList, createTask, moveTask } from '../support/tasks.ts';

const server = useServer();

interface Change {
  readonly kind: string;
  readonly id: string;
  readonly typeName: string;
  readonly record: { readonly id: string; readonly [field: string]: unknown } | null;
}
interface Page {
  readonly changes: readonly Change[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

const operation = `query ($after: String, $first: Int) { changes(after: $after, first: $first) {
  changes { kind id typeName record { __typename id ... on Task { title version completed deletedAt } ... on TaskList { name }
    ... on Label { name } ... on User { timeZone } } }
  cursor hasMore } }`;

const ask = (user: Client, after: string | null = null, first?: number) => user.run(operation, { after, first });

async function page(user: Client, after: string | null = null, first?: number): Promise<Page> {
  return (await ask(user, after, first)).data.changes;
}

/** What has changed since, as `SAVED Task id`. */
async function since(user: Client, after: string): Promise<string[]> {
  return (await page(user, after)).changes.map(({ kind, typeName, id }) => `${kind} ${typeName} ${id}`);
}

/** What waits for a lock. */
const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;

const run = async (user: Client, field: string) => (await user.run(`mutation { ${field} }`)).data;

describe('without a cursor', () => {
  test('the pages hold everything there is, each record once, in the trash too', async () => {
    const user = await server.newUser();
    const list = await createList(user);
    const tasks = await Promise.all(['a', 'b', 'c'].map((title) => createTask(user, title)));
    await run(user, `deleteTask(input: { id: "${tasks[1]}" }) { deletedIds }`);
    const { id: label } = (await run(user, 'createLabel(input: { name: "l" }) { label { id } }')).createLabel.label;
    const found: Change[] = [];
    for (let at: Page | null = null; at === null || at.hasMore; ) {
      at = await page(user, at?.cursor, 2);
      expect(at.changes.length).toBeLessThanOrEqual(2);
      found.push(...at.changes);
    }
    expect(found.map(({ id }) => id).sort()).toEqual([idOf(user), list, label, ...tasks].sort());
    expect(found.map(({ kind }) => kind)).toEqual(found.map(() => 'SAVED'));
    expect(found.find(({ id }) => id === tasks[1])?.record?.deletedAt).not.toBeNull();
    for (const { typeName, record } of found) expect(record?.__typename).toBe(typeName);
  });

  test('they tell of nothing that was removed before the first of them, and of what is removed after it', async () => {
    const user = await server.newUser();
    const [before, after, kept] = [
      await createTask(user, 'a'),
      await createTask(user, 'b'),
      await createTask(user, 'c'),
    ];
    for (const id of [before, after]) await run(user, `deleteTask(input: { id: "${id}" }) { deletedIds }`);
    await run(user, `purgeTask(input: { id: "${before}" }) { purgedIds }`);
    const { cursor, hasMore } = await page(user, null, 1);
    expect(hasMore).toBe(true);
    await run(user, `purgeTask(input: { id: "${after}" }) { purgedIds }`);
    expect(await since(user, cursor)).toEqual([`SAVED Task ${kept}`, `REMOVED Task ${after}`]);
  });

  test('a page ends where the texts in it come to a megabyte', async () => {
    const user = await server.newUser();
    for (let count = 0; count < 5; count++) {
      const ids = Array.from({ length: 12 }, () => createTask(user, 'long', { description: 'x'.repeat(20_000) }));
      await Promise.all(ids);
    }
    const first = await page(user, null, 500);
    expect([first.hasMore, first.changes.length]).toEqual([true, 50]);
    const second = await page(user, first.cursor, 500);
    expect([second.hasMore, second.changes.length]).toEqual([false, 11]);
  });

  test('there is the account alone at first', async () => {
    const user = await server.newUser();
    const { changes, hasMore } = await page(user);
    expect(changes.map(({ id, record }) => [id, record?.timeZone])).toEqual([[idOf(user), 'UTC']]);
    expect(hasMore).toBe(false);
  });
});

describe('after a cursor', () => {
  test.each<[string, (id: string, other: string) => string]>([
    ['an update', (id) => `updateTask(input: { id: "${id}", title: "new" }) { task { id } }`],
    ['a completion', (id) => `completeTask(input: { id: "${id}" }) { task { id } }`],
    [
      'a move, which has no new version',
      (id, other) => `moveTask(input: { id: "${id}", afterId: "${other}" }) { task { id } }`,
    ],
    ['a trip to the trash', (id) => `deleteTask(input: { id: "${id}" }) { deletedIds }`],
  ])('%s is the record as it is now, once', async (_name, change) => {
    const user = await server.newUser();
    const [id, other] = [await createTask(user, 'a'), await createTask(user, 'b')];
    const { cursor } = await page(user);
    await run(user, change(id, other));
    expect(await since(user, cursor)).toEqual([`SAVED Task ${id}`]);
    expect(await since(user, (await page(user, cursor)).cursor)).toEqual([]);
  });

  test('what is moved along changes too', async () => {
    const user = await server.newUser();
    const [list, top] = [await createList(user), await createTask(user, 'top')];
    const below = await createTask(user, 'below', { parentId: top });
    const { cursor } = await page(user);
    await moveTask(user, top, { listId: list });
    expect((await since(user, cursor)).sort()).toEqual([`SAVED Task ${top}`, `SAVED Task ${below}`].sort());
  });

  test('links of a label change the task, a new name only the label, and its removal neither', async () => {
    const user = await server.newUser();
    const { id: label } = (await run(user, 'createLabel(input: { name: "l" }) { label { id } }')).createLabel.label;
    const task = await createTask(user, 'a');
    const { cursor } = await page(user);
    await run(user, `updateTask(input: { id: "${task}", addLabelIds: ["${label}"] }) { task { id } }`);
    const linked = await page(user, cursor);
    expect(linked.changes.map(({ id }) => id)).toEqual([task]);
    await run(user, `updateLabel(input: { id: "${label}", name: "m" }) { label { id } }`);
    const renamed = await page(user, linked.cursor);
    expect(renamed.changes.map(({ id }) => id)).toEqual([label]);
    await run(user, `deleteLabel(input: { id: "${label}" }) { deletedId }`);
    expect(await since(user, renamed.cursor)).toEqual([`REMOVED Label ${label}`]);
    // The job that removes the row and the links is no further change.
    const links = 'select from task_label where label_id = $1';
    await expect.poll(() => server.sql(`${links} union all select from label where id = $1`, [label])).toEqual([]);
    expect(await since(user, renamed.cursor)).toEqual([`REMOVED Label ${label}`]);
  });

  test('a purged list is removed, and its tasks go without a word', async () => {
    const user = await server.newUser();
    const list = await createList(user);
    await createTask(user, 'inside', { listId: list });
    await run(user, `deleteList(input: { id: "${list}" }) { list { id } }`);
    const { cursor } = await page(user);
    await run(user, `purgeList(input: { id: "${list}" }) { purgedId }`);
    expect(await since(user, cursor)).toEqual([`REMOVED TaskList ${list}`]);
    await expect.poll(() => server.sql('select from task_list where id = $1', [list])).toEqual([]);
    expect(await since(user, cursor)).toEqual([`REMOVED TaskList ${list}`]);
  });

  test('a setting changes the account', async () => {
    const user = await server.newUser();
    const { cursor } = await page(user);
    await run(user, 'updateMe(input: { timeZone: "Asia/Tokyo" }) { user { id } }');
    expect((await page(user, cursor)).changes).toEqual([
      {
        kind: 'SAVED',
        id: idOf(user),
        typeName: 'User',
        record: { __typename: 'User', id: idOf(user), timeZone: 'Asia/Tokyo' },
      },
    ]);
  });

  test.each<[string, (id: string) => string]>([
    ['completeTask', (id) => `completeTask(input: { id: "${id}" }) { task { id } }`],
    ['completeTasks', (id) => `completeTasks(input: { ids: ["${id}"] }) { tasks { id } }`],
    ['updateTask', (id) => `updateTask(input: { id: "${id}", title: "same" }) { task { id } }`],
    ['createTask', (id) => `createTask(input: { id: "${id}", title: "first" }) { task { id } }`],
    ['moveTask', (id) => `moveTask(input: { id: "${id}" }) { task { id } }`],
    ['updateMe', () => 'updateMe(input: { timeZone: "Asia/Tokyo" }) { user { id } }'],
    ['deleteTask', (id) => `deleteTask(input: { id: "${id}" }) { deletedIds }`],
    ['logoutEverywhere', () => 'logoutEverywhere { success }'],
  ])('a second %s changes nothing: the cursor stays', async (name, change) => {
    const user = await server.newUser();
    const id = uuidv7();
    await run(user, `createTask(input: { id: "${id}", title: "first" }) { task { id } }`);
    if (name !== 'logoutEverywhere') await run(user, change(id));
    const revision = 'select revision from user_change where user_id = $1';
    const before = await server.sql(revision, [idOf(user)]);
    await run(user, change(id));
    expect(await server.sql(revision, [idOf(user)])).toEqual(before);
  });

  test('nothing of a change is there before it is committed, and nothing is passed over', async () => {
    const user = await server.newUser();
    const { cursor } = await page(user);
    const holder = new pg.Client(server.databaseUrl);
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('select from user_change where user_id = $1 for update', [idOf(user)]);
      const creating = createTask(user, 'late');
      await expect.poll(() => server.sql(waiting)).toHaveLength(1);
      const between = await page(user, cursor);
      expect([between.changes, between.cursor]).toEqual([[], cursor]);
      await holder.query('commit');
      expect(await since(user, between.cursor)).toEqual([`SAVED Task ${await creating}`]);
    } finally {
      await holder.end();
    }
  });

  test('a change decides by what was committed while it waited for its turn', async () => {
    const user = await server.newUser();
    const list = await createList(user);
    const task = await createTask(user, 'inside', { listId: list });
    const holder = new pg.Client(server.databaseUrl);
    await holder.connect();
    try {
      await holder.query('begin');
      await holder.query('update user_change set revision = revision + 1 where user_id = $1', [idOf(user)]);
      await holder.query('update task_list set deleted_at = now() where id = $1', [list]);
      const completing = user.run(`mutation { completeTask(input: { id: "${task}" }) { task { id } } }`);
      await expect.poll(() => server.sql(waiting)).toHaveLength(1);
      await holder.query('commit');
      expect((await completing).fields).toEqual(['input.id IN_TRASH']);
    } finally {
      await holder.end();
    }
  });
});

describe('a cursor', () => {
  test.each([
    '',
    'rubbish',
    Buffer.from('[]').toString('base64url'),
    Buffer.from('["a","b","1","x","0"]').toString('base64url'),
  ])('that is %j is refused', async (after) => {
    const reply = await ask(await server.newUser(), after);
    expect([reply.code, reply.fields]).toEqual(['BAD_USER_INPUT', ['after INVALID_CURSOR']]);
  });

  test("of another user's is refused like rubbish", async () => {
    const { cursor } = await page(await server.newUser());
    const reply = await ask(await server.newUser(), cursor);
    expect([reply.code, reply.fields]).toEqual(['BAD_USER_INPUT', ['after INVALID_CURSOR']]);
  });

  test('from before a restore is expired: revisions are behind it, or the epoch is another', async () => {
    const user = await server.newUser();
    await createTask(user, 'a');
    const { cursor } = await page(user);
    await server.sql('update user_change set revision = revision - 1 where user_id = $1', [idOf(user)]);
    expect((await ask(user, cursor)).code).toBe('CURSOR_EXPIRED');
    await createTask(user, 'b');
    expect((await ask(user, cursor)).data.changes.changes).toEqual([]);
    await server.sql('update change_epoch set epoch = gen_random_uuid()');
    expect((await ask(user, cursor)).code).toBe('CURSOR_EXPIRED');
    expect((await page(user)).changes).toHaveLength(3);
  });
});

test.each([0, 501, -1])('a page of %i changes is refused', async (first) => {
  const reply = await ask(await server.newUser(), null, first);
  expect([reply.code, reply.fields]).toEqual(['BAD_USER_INPUT', ['first OUT_OF_RANGE']]);
});

const whole = `... on Task { title description completed completedAt priority due { date time timeZone at } list { id } parent { id }
  labels { id } position version createdAt updatedAt deletedAt subtaskCounts { total completed } }
  ... on TaskList { name color archived position version createdAt updatedAt deletedAt }
  ... on Label { name color version createdAt updatedAt } ... on User { email emailVerified timeZone createdAt }`;

test('five hundred whole records are within the limits, and pages below them are not free', async () => {
  const user = await server.newUser();
  const of = (fields: string) =>
    `{ changes(first: 500) { changes { kind id typeName record { __typename id ${fields} } } cursor hasMore } }`;
  expect((await user.run(of(whole))).data.changes.changes).toHaveLength(1);
  for (const more of [
    'subtasks(first: 10) { nodes { id } }',
    'parent { labels { name } parent { labels { name } } }',
  ]) {
    expect((await user.run(of(`... on Task { ${more} }`))).code, more).toBe('QUERY_TOO_COMPLEX');
  }
  const ten = (field: string) => Array.from({ length: 10 }, (_, index) => `a${index}: ${field}`).join(' ');
  for (const again of [
    `... on TaskList { ${ten('tasks(filter: { search: "a" }) { totalCount }')} }`,
    `... on Task { ${ten('subtasks { totalCount }')} }`,
    `... on Task { ${ten('description')} }`,
    `... on Task { ${ten('parent { title }')} }`,
  ]) {
    expect((await user.run(of(again))).code, again).toBe('QUERY_TOO_COMPLEX');
  }
});
