import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Client } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

const operations = {
  search: `query ($filter: TaskFilter!, $orderBy: TaskOrder) {
    tasks(filter: $filter, orderBy: $orderBy, first: 100) { nodes { title } totalCount }
  }`,
  create: 'mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id } } }',
  update: 'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { task { id } } }',
};

async function create(user: Client, title: string, description = ''): Promise<string> {
  return (await user.run(operations.create, { input: { title, description } })).data.createTask.task.id;
}

/** Titles of what is found, sorted. */
async function found(user: Client, search: string | null): Promise<string[]> {
  const orderBy = { field: 'TITLE', direction: 'ASC' };
  const { nodes, totalCount } = (await user.run(operations.search, { filter: { search }, orderBy })).data.tasks;
  expect(totalCount).toBe(nodes.length);
  return nodes.map(({ title }: { title: string }) => title);
}

describe('a search', () => {
  let user: Client;
  const texts = [
    'Buy Milk',
    'Café crème brûlée',
    'Straße kehren',
    'İstanbul ışık',
    'Ο Οδυσσέας στην ΟΔΟ',
    'οδοστρωτήρας',
    'Ёлка и йогурт',
    '买牛奶和面包',
    '東京タワーへ行く',
    'اشترِ الحَلِيب',
    'ซื้อน้ำปลา',
    'दूध खरीदना',
    'קְנֵה חָלָב',
  ];

  beforeAll(async () => {
    user = await server.newUser();
    for (const text of texts) await create(user, text);
    await create(user, 'described', '# Brûlée\n\nof **vanilla** milkshake');
  });

  test.each([
    ['milk', ['Buy Milk', 'described']],
    ['MIL', ['Buy Milk', 'described']],
    ['uy', ['Buy Milk']],
    ['k', ['Buy Milk', 'described', 'Straße kehren', 'İstanbul ışık']],
    ['milk buy', ['Buy Milk']],
    ['  milk \u3000 BUY\tmilk ', ['Buy Milk']],
    ['buy bread', []],
    ['buymilk', []],
    ['cafe', ['Café crème brûlée']],
    ['BRULEE', ['Café crème brûlée', 'described']],
    ['bru\u0302le\u0301e vanílla', ['described']],
    ['strasse', ['Straße kehren']],
    ['STRAẞE', ['Straße kehren']],
    ['istanbul ISIK', ['İstanbul ışık']],
    ['ISTANBUL', ['İstanbul ışık']],
    ['οδυσσεας', ['Ο Οδυσσέας στην ΟΔΟ']],
    ['ΟΔΥΣΣΈΑΣ', ['Ο Οδυσσέας στην ΟΔΟ']],
    ['ΟΔΟΣ', ['οδοστρωτήρας']],
    ['елка ЙОГ', ['Ёлка и йогурт']],
    ['牛奶', ['买牛奶和面包']],
    ['包', ['买牛奶和面包']],
    ['タワ', ['東京タワーへ行く']],
    ['ﾀﾜｰ', ['東京タワーへ行く']],
    ['الحليب', ['اشترِ الحَلِيب']],
    ['اشتر الحَلِيب', ['اشترِ الحَلِيب']],
    ['น้ำ', ['ซื้อน้ำปลา']],
    ['दूध', ['दूध खरीदना']],
    ['חלב', ['קְנֵה חָלָב']],
  ])('for %s finds %j', async (search, expected) => {
    expect((await found(user, search)).toSorted()).toEqual(expected.toSorted());
  });

  test.each([null, '', ' \t '])('for %j is none: everything is there', async (search) => {
    expect(await found(user, search)).toHaveLength(texts.length + 1);
  });

  test('for mark-up of other languages of search finds that text and nothing else', async () => {
    const own = await server.newUser();
    const signs = [
      '%',
      '_',
      '\\',
      "'",
      '"',
      '*',
      '&',
      '|',
      '!',
      '(',
      ')',
      ':',
      '<->',
      '?',
      '.',
      '^',
      '$1',
      '[a-z]',
      '--',
      ';',
    ];
    for (const sign of signs) await create(own, `a${sign}b`);
    await create(own, 'plain');
    for (const sign of signs) {
      const expected = signs.filter((other) => other.includes(sign)).map((other) => `a${other}b`);
      expect((await found(own, sign)).toSorted(), sign).toEqual(expected.toSorted());
      expect(await found(own, `a${sign}b`), sign).toEqual([`a${sign}b`]);
    }
    for (const nothing of [
      "' or true --",
      'plain:*',
      'pl%n',
      'pl__n',
      'plain | a',
      '!plain',
      '"plain"',
      '\\p',
      'NOT',
    ]) {
      expect(await found(own, nothing), nothing).toEqual([]);
    }
  });

  test('finds any text by itself and by its parts, and by words that it all has', async () => {
    const own = await server.newUser();
    const text = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 30 })
      .filter((made) => !made.includes('\0') && made.trim() !== '');
    await fc.assert(
      fc.asyncProperty(text, fc.nat(), async (made, cut) => {
        await create(own, made);
        const letters = [...made];
        const part = letters.slice(cut % letters.length).join('');
        for (const search of [made, part]) {
          const words = search.trim().split(/\s+/);
          if (words.length <= 10) expect(await found(own, search)).toContain(made.trim());
        }
      }),
      { numRuns: 25, interruptAfterTimeLimit: 3_000 },
    );
  });
});

describe('what is searched', () => {
  test('is the text as it is now', async () => {
    const user = await server.newUser();
    const id = await create(user, 'before', 'first');
    const update = (change: Record<string, unknown>) => user.run(operations.update, { input: { id, ...change } });
    await update({ title: 'after' });
    expect([await found(user, 'before'), await found(user, 'after first')]).toEqual([[], ['after']]);
    await update({ description: 'second' });
    expect([await found(user, 'first'), await found(user, 'after second')]).toEqual([[], ['after']]);
    await update({ priority: 'HIGH' });
    expect(await found(user, 'after second')).toEqual(['after']);
    await update({ description: null });
    expect([await found(user, 'second'), await found(user, 'after')]).toEqual([[], ['after']]);
  });

  test('is also what was made with an id, a list or a zone of its own', async () => {
    const user = await server.newUser();
    const due = { date: '2026-01-01', time: '09:00', timeZone: 'UTC' };
    await user.run(operations.create, { input: { title: 'Zürich', description: 'Genève', due } });
    expect([await found(user, 'zurich'), await found(user, 'geneve')]).toEqual([['Zürich'], ['Zürich']]);
  });

  test('is one text for title and another for description', async () => {
    const user = await server.newUser();
    await create(user, 'one', 'two');
    expect([await found(user, 'onetwo'), await found(user, 'one two')]).toEqual([[], ['one']]);
  });

  test('is never that of another user', async () => {
    const [owner, stranger] = await Promise.all([server.newUser(), server.newUser()]);
    await create(owner, 'private plan', 'secret');
    await create(stranger, 'own plan');
    expect(await found(stranger, 'plan')).toEqual(['own plan']);
    expect(await found(stranger, 'secret')).toEqual([]);
    expect(await found(owner, 'plan')).toEqual(['private plan']);
  });

  test('is the tasks of a list where a list is read', async () => {
    const user = await server.newUser();
    const { id } = (await user.run('mutation { createList(input: { name: "list" }) { list { id } } }')).data.createList
      .list;
    await user.run(operations.create, { input: { title: 'Päckchen hier', listId: id } });
    await create(user, 'Päckchen dort');
    const list = `query ($id: ID!) { list(id: $id) { tasks(filter: { search: "packchen" }) { nodes { title } } } }`;
    expect((await user.run(list, { id })).data.list.tasks.nodes).toEqual([{ title: 'Päckchen hier' }]);
    const lists = '{ lists { nodes { tasks(filter: { search: "packchen" }) { nodes { title } totalCount } } } }';
    const [page] = (await user.run(lists)).data.lists.nodes;
    expect(page.tasks).toEqual({ nodes: [{ title: 'Päckchen hier' }], totalCount: 1 });
  });
});

describe('the limits of a search', () => {
  const words = (count: number) => Array.from({ length: count }, (_, index) => `w${String(index).padStart(2, '0')}`);

  test('are ten words and 200 characters, counted as people count', async () => {
    const user = await server.newUser();
    await create(user, words(10).join(' '));
    await create(user, '😀'.repeat(200));
    expect(await found(user, words(10).toReversed().join(' '))).toHaveLength(1);
    expect(await found(user, '😀'.repeat(200))).toHaveLength(1);
  });

  test.each([
    [words(11).join(' '), ['filter.search TOO_MANY_WORDS']],
    ['x'.repeat(201), ['filter.search TOO_LONG']],
  ])('are named where %s breaks them', async (search, expected) => {
    const reply = await (await server.newUser()).run(operations.search, { filter: { search } });
    expect([reply.status, reply.code, reply.fields]).toEqual([200, 'BAD_USER_INPUT', expected]);
  });

  test('hold for a text that cannot be stored', async () => {
    const user = await server.newUser();
    await create(user, 'x');
    const reply = await user.run(operations.search, { filter: { search: 'a\0b' } });
    expect([reply.status, reply.code], String(reply)).not.toContain('INTERNAL_SERVER_ERROR');
    expect(reply.text).not.toContain('"x"');
  });
});

test('a search needs a session', async () => {
  const reply = await server.client().run(operations.search, { filter: { search: 'x' } });
  expect([reply.status, reply.code]).toEqual([401, 'UNAUTHENTICATED']);
});
