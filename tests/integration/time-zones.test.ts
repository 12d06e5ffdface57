import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Client, type Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';
import { collectStatements } from '../support/statements.ts';

const server = useServer();

const operations = {
  signup: `mutation ($email: String!, $timeZone: TimeZone) {
    signup(input: { email: $email, password: "correct horse", timeZone: $timeZone }) { accessToken user { timeZone } }
  }`,
  updateMe: 'mutation ($input: UpdateMeInput!) { updateMe(input: $input) { user { timeZone } } }',
  create: `mutation ($input: CreateTaskInput!) { createTask(input: $input) { task { id due { timeZone at } } } }`,
  update: 'mutation ($input: UpdateTaskInput!) { updateTask(input: $input) { task { due { timeZone at } } } }',
  updateMany: 'mutation ($input: UpdateTasksInput!) { updateTasks(input: $input) { tasks { due { timeZone at } } } }',
  list: `query ($filter: TaskFilter) {
    tasks(filter: $filter, orderBy: { field: DUE, direction: ASC }) { totalCount nodes { title due { date timeZone at } } }
  }`,
};

function signUp(timeZone: unknown): Promise<Reply> {
  return server.client().run(operations.signup, { email: `${randomUUID()}@example.com`, timeZone });
}

async function userIn(timeZone: string): Promise<Client> {
  const { accessToken } = (await signUp(timeZone)).data.signup;
  return new Client(server.url, accessToken);
}

async function titles(user: Client, filter: Record<string, unknown>): Promise<string[]> {
  return (await user.run(operations.list, { filter })).data.tasks.nodes.map(({ title }: { title: string }) => title);
}

const unknown = [
  'Etc/Unknown',
  '',
  ' ',
  'undefined',
  'null',
  'Mars/Phobos',
  'GMT+5',
  'UTC+1',
  '+05:30',
  '-0800',
  'IST',
  'Z',
];
const long = [
  'x'.repeat(10_000),
  'Europe/'.repeat(2_000),
  "'; drop table task; --",
  '☕',
  'Europe/Paris/',
  '\n',
  '\0',
  'Europe/Paris\0',
  '\ud800',
];

describe('sign-up', () => {
  test.each([
    ['Europe/Paris', 'Europe/Paris'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['US/Pacific', 'US/Pacific'],
    ['EST5EDT', 'EST5EDT'],
    ['CET', 'CET'],
    ['EET', 'EET'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
    ['europe/paris', 'Europe/Paris'],
    ['AMERICA/PORT-AU-PRINCE', 'America/Port-au-Prince'],
    [' Europe/Paris\n', 'Europe/Paris'],
    ['utc', 'UTC'],
    [null, 'UTC'],
    ...unknown.map((text): [string, string] => [text, 'UTC']),
  ])('takes whatever a device reports as its zone: %j', async (reported, timeZone) => {
    const { user, accessToken } = (await signUp(reported)).data.signup;
    expect(user).toEqual({ timeZone });
    expect((await server.client().withToken(accessToken).run('{ me { timeZone } }')).data.me).toEqual({ timeZone });
  });

  test.each(long.map((text, index) => [index, text]))('takes odd text no. %i for UTC', async (_index, reported) => {
    expect((await signUp(reported)).data.signup.user.timeZone).toBe('UTC');
  });

  test.each(['"Etc/Unknown"', '"\\u0000"', '""'])('takes the literal %s too', async (literal) => {
    const signup = operations.signup.replace('$timeZone: TimeZone', '').replace('$timeZone', literal);
    const reply = await server.client().run(signup, { email: `${randomUUID()}@example.com` });
    expect(reply.data.signup.user.timeZone).toBe('UTC');
  });

  test.each([5, true, {}, ['Europe/Paris']])('refuses what is no text: %j', async (timeZone) => {
    const reply = await signUp(timeZone);
    expect([reply.status, reply.code, reply.fields]).toEqual([400, 'BAD_USER_INPUT', ['input.timeZone INVALID_VALUE']]);
  });
});

test.each([...unknown, ...long, ' Europe/Paris'])(
  'updateMe and dues refuse %j in words for people',
  async (timeZone) => {
    const user = await server.newUser();
    const id = await user.createTask();
    const due = { date: '2026-03-29', time: '09:30', timeZone };
    const all: [Reply, string][] = [
      [await user.run(operations.updateMe, { input: { timeZone } }), 'input.timeZone'],
      [await user.run(operations.create, { input: { title: 'x', due } }), 'input.due.timeZone'],
      [await user.run(operations.update, { input: { id, due } }), 'input.due.timeZone'],
      [await user.run(operations.updateMany, { input: { ids: [id], set: { due } } }), 'input.set.due.timeZone'],
    ];
    for (const [reply, path] of all) {
      expect([reply.code, reply.fields], String(reply)).toEqual(['BAD_USER_INPUT', [`${path} INVALID_VALUE`]]);
      expect(reply.error.extensions.fields?.[0]?.message).toMatch(/^This time zone is unknown\. .*Europe\/Paris/);
    }
    expect(
      (await user.run('{ me { timeZone } task(id: $id) { version due { at } } }'.replace('$id', `"${id}"`))).data,
    ).toEqual({
      me: { timeZone: 'UTC' },
      task: { version: 1, due: null },
    });
  },
);

/** Of today's days one that is over everywhere, and one that has begun nowhere. */
const [past, future] = ['2026-01-10', '2999-01-10'];

async function makeDues(user: Client, timeZone: string): Promise<void> {
  for (const [title, due] of Object.entries({
    'zoned before': { date: past, time: '23:00', timeZone },
    floating: { date: past, time: '23:30' },
    day: { date: past },
    'zoned after': { date: future, time: '23:00', timeZone },
  })) {
    await user.run(operations.create, { input: { title, due } });
  }
}

// Node.js knows it; PostgreSQL, whose zones are those of its machine, does not. Six hours behind UTC all year.
const onlyHere = 'Canada/East-Saskatchewan';

test('a zone that PostgreSQL has never heard of is as good as any', async () => {
  const known = await server.sql('select from pg_timezone_names where lower(name) = lower($1)', [onlyHere]);
  expect(known).toEqual([]);
  const user = await userIn(onlyHere);
  await makeDues(user, onlyHere);
  await user.run(operations.create, {
    input: { title: 'in UTC', due: { date: past, time: '05:59', timeZone: 'UTC' } },
  });
  expect(await titles(user, { dueFrom: past, dueTo: past })).toEqual(['zoned before', 'floating', 'day']);
  expect(await titles(user, { overdue: true })).toEqual(['in UTC', 'zoned before', 'floating', 'day']);
  expect(await titles(user, { overdue: false })).toEqual(['zoned after']);
  await user.run(operations.updateMe, { input: { timeZone: 'UTC' } });
  expect(await titles(user, { dueFrom: past, dueTo: past })).toEqual(['in UTC', 'floating', 'day']);
  const back = await user.run(operations.updateMe, { input: { timeZone: onlyHere } });
  expect(back.data.updateMe.user).toEqual({ timeZone: onlyHere });
  expect(await titles(user, { dueFrom: past, dueTo: past })).toEqual(['zoned before', 'floating', 'day']);
});

// PostgreSQL takes some of these for abbreviations, which have no summer.
test.each([
  ['CET', 1],
  ['met', 1],
  ['EET', 2],
  ['WET', 0],
  ['Europe/Paris', 1],
  ['US/Pacific', -8],
])('%s is at UTC and %i hours in winter, and has summer time', async (timeZone, offset) => {
  const user = await userIn(timeZone);
  for (const [month, hours] of [
    ['01', offset],
    ['07', offset + 1],
  ] as const) {
    const midnight = new Date(Date.UTC(2026, Number(month) - 1, 10) - hours * 3_600_000).toISOString();
    const due = { date: midnight.slice(0, 10), time: midnight.slice(11, 16), timeZone: 'UTC' };
    await user.run(operations.create, { input: { title: month, due } });
    expect(await titles(user, { dueFrom: `2026-${month}-10`, dueTo: `2026-${month}-10` })).toEqual([month]);
  }
});

describe.each(['Mars/Phobos', '', 'Etc/Unknown', 'Asia/Calcutta', '+05:30', 'europe/paris', onlyHere])(
  'a stored zone %j',
  (stored) => {
    test('of the user is read as it is, and breaks nothing', async () => {
      const user = await server.newUser();
      await makeDues(user, 'UTC');
      await server.sql('update "user" set time_zone = $1 where email = $2', [stored, user.email]);
      expect((await user.run('{ me { timeZone } }')).data.me).toEqual({ timeZone: stored });
      expect(await titles(user, { overdue: true })).toEqual(['zoned before', 'floating', 'day']);
      expect(await titles(user, { overdue: false })).toEqual(['zoned after']);
      expect(await titles(user, { dueFrom: past, dueTo: past })).toHaveLength(3);
      // Even the due that is written while it is stored.
      const due = { date: past, time: '12:00', timeZone: 'UTC' };
      await user.run(operations.create, { input: { title: 'written now', due } });
      expect(await titles(user, { dueFrom: past, dueTo: past })).toContain('written now');
      const login = `mutation { login(input: { email: "${user.email}", password: "${user.password}" }) { user { timeZone } } }`;
      expect((await server.client().run(login)).data.login.user).toEqual({ timeZone: stored });
      await user.run(operations.updateMe, { input: { timeZone: 'Asia/Tokyo' } });
      expect(await titles(user, { dueFrom: '2026-01-11', dueTo: '2026-01-11' })).toEqual(['zoned before']);
    });

    test('of a due is read as it is, and the due changes like any other', async () => {
      const user = await server.newUser();
      await makeDues(user, 'UTC');
      const change = `update task set due_time_zone = $1 where due_at is not null
        and user_id = (select id from "user" where email = $2)`;
      await server.sql(change, [stored, user.email]);
      const { nodes } = (
        await user.run(
          `{ tasks(filter: { overdue: true, dueTo: "${past}" }) { nodes { id title due { timeZone at } } } }`,
        )
      ).data.tasks;
      const zoned = nodes.find(({ title }: { title: string }) => title === 'zoned before');
      expect(zoned.due).toEqual({ timeZone: stored, at: `${past}T23:00:00.000Z` });
      await user.run('mutation ($id: ID!) { completeTask(input: { id: $id }) { task { due { timeZone } } } }', {
        id: zoned.id,
      });
      const due = { date: past, time: '23:00', timeZone: 'UTC' };
      const changed = await user.run(operations.update, { input: { id: zoned.id, due } });
      expect(changed.data.updateTask.task.due.timeZone).toBe('UTC');
    });
  },
);

test('no statement has the database work with a zone', async () => {
  const zone = 'Pacific/Chatham';
  const { statements } = await collectStatements(async () => {
    const user = await userIn(zone);
    await makeDues(user, zone);
    const { nodes } = (await user.run('{ tasks { nodes { id } } }')).data.tasks;
    const due = { date: past, time: '11:00', timeZone: zone };
    await user.run(operations.update, { input: { id: nodes[0].id, due } });
    await user.run(operations.updateMany, { input: { ids: [nodes[1].id, nodes[2].id], set: { due } } });
    for (const filter of [{ overdue: true }, { overdue: false }, { dueFrom: past, dueTo: past }])
      await titles(user, filter);
    await user.run(operations.updateMe, { input: { timeZone: 'Australia/Lord_Howe' } });
  });
  expect(statements.length).toBeGreaterThan(20);
  const texts = statements.map(({ text }) => text.toLowerCase());
  const zones = texts.flatMap((text) => [
    ...text.matchAll(/at time zone\s+(\S+)|pg_timezone|make_timestamptz|timezone\(/g),
  ]);
  expect(zones.filter(([, named]) => !named?.startsWith("'utc'"))).toEqual([]);
  // It is stored, and given for nothing else.
  const naming = statements.filter(({ values }) => values.includes(zone)).map(({ text }) => text);
  expect(naming.filter((text) => !/time_zone/.test(text))).toEqual([]);
});
