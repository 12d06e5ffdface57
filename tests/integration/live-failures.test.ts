import { expect, onTestFinished, test } from 'vitest';
import { EventStream, subscription } from '../support/live.ts';
import { liveClients } from '../support/live-clients.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { LogSink, startServer, useServer } from '../support/server.ts';

const server = useServer();

test.each([
  ['of another user', 'BAD_USER_INPUT'],
  ['that is none', 'BAD_USER_INPUT'],
])('a cursor %s is refused by every transport', async (kind, code) => {
  const [user, other] = [await server.newUser(), await server.newUser()];
  await other.createTask('private');
  const { cursor } = await (await EventStream.open(other)).page();
  const after = kind === 'that is none' ? 'x' : cursor;
  const seen = Object.values(liveClients).map((subscribe) => subscribe(user, { after }));
  for (const each of seen) await expect.poll(() => each.errors).toMatchObject([{ extensions: { code } }]);
  expect(seen.flatMap(({ pages }) => pages)).toEqual([]);
});

test('each subscription leaves one line in the log when it ends, with its operation', async () => {
  const user = await server.newUser();
  const query = subscription.replace('subscription', 'subscription Watch');
  const linesOf = () =>
    server
      .logs()
      .split('\n')
      .filter((line) => line.includes('"operationName":"Watch"'))
      .map((line) => JSON.parse(line));
  const seen = Object.values(liveClients).map((subscribe) => subscribe(user, {}, query));
  await expect.poll(() => seen.every(({ pages }) => pages.length === 1)).toBe(true);
  expect(linesOf()).toEqual([]);
  for (const each of seen) each.close();
  await expect.poll(linesOf).toHaveLength(seen.length);
  const [line] = linesOf();
  expect(line).toMatchObject({ level: 'info', path: '/graphql', requestId: expect.stringMatching(/^[\da-f-]{36}$/) });
});

test('while the database is away, subscriptions stay open, and then go on', async () => {
  const proxy = new PostgresProxy();
  const sink = new LogSink();
  const app = await startServer(await proxy.to(server.databaseUrl), {}, sink);
  onTestFinished(async () => {
    await app.stop();
    await proxy.close();
  });
  const user = await server.newUser();
  const seen = Object.values(liveClients).map((subscribe) => subscribe(user.at(app.url), {}));
  await expect.poll(() => seen.every(({ pages }) => pages.length === 1)).toBe(true);
  const ready = async () => (await fetch(`${app.url}/readyz`)).status;
  proxy.leadTo('postgresql://127.0.0.1:1/none');
  proxy.cut();
  await expect.poll(ready).toBe(503);
  const id = await user.createTask();
  await expect.poll(() => sink.text).toContain('could not look up live sessions');
  proxy.leadTo(server.databaseUrl);
  for (const each of seen) await expect.poll(() => each.pages.at(-1)?.changes).toMatchObject([{ id }]);
  expect(seen.flatMap(({ errors }) => errors)).toEqual([]);
});
