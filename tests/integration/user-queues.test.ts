import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { expect, test } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { enter, refresh } from '../support/refreshing.ts';
import { useServer } from '../support/server.ts';

const server = useServer();

/** Holds the user's row and counter, for which changes wait, from outside while `work` runs. */
async function whileLocked<Result>(
  { email }: { readonly email: string },
  work: () => Promise<Result>,
): Promise<Result> {
  const holder = new pg.Client({ connectionString: server.databaseUrl });
  await holder.connect();
  try {
    await holder.query('begin');
    const rows = 'select from "user" join user_change on user_id = id where email = $1 for update';
    await holder.query(rows, [email]);
    return await work();
  } finally {
    await holder.end();
  }
}

const move = (user: Client, id: string) =>
  user.run('mutation ($id: ID!) { moveTask(input: { id: $id }) { task { id } } }', { id });

/** Sends so many at once. @returns the refusals so far, and in the end all answers */
function sendMany(count: number, send: () => Promise<Reply>) {
  const refused: Reply[] = [];
  const sent = Array.from({ length: count }, async () => {
    const reply = await send();
    if (reply.partialData.moveTask === null) refused.push(reply);
    return reply;
  });
  return { refused, replies: Promise.all(sent) };
}

test('changes of a user whose row is locked keep no connection from others', async () => {
  const user = await server.newUser();
  const id = await user.createTask();
  const other = await server.newUser();
  const { replies } = await whileLocked(user, async () => {
    const sent = sendMany(60, () => move(user, id));
    // At once, because the first of those that wait is refused after three seconds.
    const others = Array.from({ length: 5 }, async () => {
      const own = await other.createTask();
      expect((await move(other, own)).data.moveTask.task.id).toBe(own);
      expect((await user.run('{ tasks { nodes { id } } }')).data.tasks.nodes).toEqual([{ id }]);
    });
    await Promise.all(others);
    return sent;
  });
  for (const reply of await replies) expect(reply.data.moveTask.task.id).toBe(id);
});

test('two hundred changes of a user wait, more are refused, and nobody else is', async () => {
  const user = await server.newUser();
  const id = await user.createTask();
  const other = await server.newUser();
  const { replies } = await whileLocked(user, async () => {
    // Of a task that is not there: they wait as any change does, and are quick once they run.
    const sent = sendMany(221, () => move(user, randomUUID()));
    await expect.poll(() => sent.refused.length, { timeout: 4_000 }).toBe(20);
    for (const { error, status } of sent.refused) {
      expect([status, error.extensions.code, error.extensions.retryAfter]).toEqual([200, 'RATE_LIMITED', 1]);
    }
    await other.createTask();
    return sent;
  });
  expect((await replies).filter(({ error }) => error.extensions.code === 'NOT_FOUND')).toHaveLength(201);
  expect((await move(user, id)).data.moveTask.task.id).toBe(id);
});

const login = `mutation ($email: String!) {
  login(input: { email: $email, password: "correct horse" }) { refreshToken }
}`;

test('sessions of a user whose row is locked are refreshed one at a time', async () => {
  const { client, email } = await enter(server);
  const other = await server.newUser();
  const sessions = await Promise.all(Array.from({ length: 12 }, () => client.run(login, { email })));
  const tokens = sessions.map(({ data }) => data.login.refreshToken as string);
  const refreshed = await whileLocked({ email }, async () => {
    let answered = 0;
    const replies = tokens.map(async (token) => {
      const reply = await refresh(client, token);
      answered += 1;
      return reply;
    });
    for (let round = 0; round < 5; round++) await other.createTask();
    expect(answered).toBe(0);
    return { replies: Promise.all(replies) };
  });
  for (const reply of await refreshed.replies) expect(reply.data.refreshSession.user.email).toBe(email);
});

test('wrong passwords for a user whose row is locked are answered without waiting for it', async () => {
  const user = await server.newUser();
  const replies = await whileLocked(user, () =>
    Promise.all(
      Array.from({ length: 12 }, () => server.client().run(login.replace('correct', 'wrong'), { email: user.email })),
    ),
  );
  expect(new Set(replies.map(({ code }) => code))).toEqual(new Set(['INVALID_CREDENTIALS']));
  expect((await server.client().run(login, { email: user.email })).data.login.refreshToken).toBeDefined();
});

const noLabel = '01999999-0000-7000-8000-000000000000';
const labelled = `labelIds: ["${noLabel}"]`;

test.each([
  ['pages', `{ tasks(filter: { ${labelled} }) { nodes { id } } }`],
  [
    'searches',
    `{ tasks(filter: { search: "milk", ${labelled} }, orderBy: { field: TITLE, direction: ASC }) { nodes { id } } }`,
  ],
  ['counts', `{ tasks(filter: { ${labelled} }) { totalCount } }`],
])('long reads of a user keep no connection from others: %s', async (_name, query) => {
  const user = await server.newUser();
  const other = await server.newUser();
  const holder = new pg.Client({ connectionString: server.databaseUrl });
  await holder.connect();
  try {
    await holder.query('begin; lock table label in access exclusive mode');
    let answered = 0;
    const replies = Array.from({ length: 20 }, async () => {
      const reply = await user.run(query);
      answered += 1;
      return reply;
    });
    for (let round = 0; round < 5; round++) await other.createTask();
    expect(answered).toBe(0);
    await holder.query('rollback');
    for (const reply of await Promise.all(replies)) expect(reply.data.tasks).toBeDefined();
  } finally {
    await holder.end();
  }
});

test('two hundred long reads of a user wait, more are refused, and nobody else is', async () => {
  const user = await server.newUser();
  const other = await server.newUser();
  const pages = Array.from(
    { length: 20 },
    (_, index) => `a${index}: tasks(first: ${index + 1}, filter: $filter) { nodes { id } }`,
  );
  const query = `query ($filter: TaskFilter) { ${pages.join(' ')} }`;
  const body = JSON.stringify({ query, variables: { filter: { labelIds: [noLabel] } } });
  const holder = new pg.Client({ connectionString: server.databaseUrl });
  await holder.connect();
  try {
    await holder.query('begin; lock table label in access exclusive mode');
    const sent = Array.from({ length: 12 }, () => user.post(body));
    // The one that comes last: nothing of it waits.
    const { status, errors } = await Promise.race(sent);
    expect(status).toBe(200);
    expect(errors).toHaveLength(20);
    for (const { extensions } of errors) expect(extensions).toMatchObject({ code: 'RATE_LIMITED', retryAfter: 1 });
    await other.createTask();
    await holder.query('rollback');
    const answers = (await Promise.all(sent)).flatMap(({ partialData }) => Object.values(partialData));
    // Two are under way.
    expect(answers.filter((answer) => answer !== null)).toHaveLength(202);
  } finally {
    await holder.end();
  }
});
