import pg from 'pg';
import { afterAll, describe, expect, test, vi } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { type TestServer, useServer } from '../support/server.ts';

/** As expect.poll, which does not know whose it is where tests run beside each other. */
const patient = { timeout: 60_000, interval: 20 };

interface Scene {
  readonly proxy: PostgresProxy;
  readonly server: TestServer;
  readonly user: Client;
  readonly id: string;
}

const rename = 'mutation ($id: ID!) { updateTask(input: { id: $id, title: "renamed" }) { task { title } } }';
const operations = [
  '{ tasks { totalCount nodes { title } } }',
  '{ labels { nodes { name } } }',
  'mutation { createTask(input: { title: "new" }) { task { id } } }',
  'mutation ($id: ID!) { completeTask(input: { id: $id }) { task { id } } }',
  rename,
  'mutation { createLabel(input: { name: "label" }) { label { id } } }',
];

/** Asserts that each is refused within twelve seconds, and /health within two. */
async function expectRefusals({ server }: Scene, sent: readonly Promise<Reply>[]): Promise<void> {
  const timed = async (sent: Promise<Reply>) => {
    const start = performance.now();
    const reply = await sent;
    expect(reply.code, `${reply}`).toBe('SERVICE_UNAVAILABLE');
    expect(performance.now() - start, `${reply}`).toBeLessThan(12_000);
  };
  const replies = Promise.all(sent.map(timed));
  for (let count = 0; count < 3; count++) {
    const start = performance.now();
    expect((await fetch(`${server.url}/health`)).status).toBe(503);
    expect(performance.now() - start).toBeLessThan(2_000);
  }
  await replies;
}

/** Asserts that all is as before, and that no connection is lost to the pool. */
async function expectRecovery({ proxy, server, user, id }: Scene): Promise<void> {
  proxy.silence(false);
  await vi.waitFor(async () => expect((await fetch(`${server.url}/health`)).status).toBe(200), patient);
  const others = await Promise.all(Array.from({ length: 12 }, () => server.newUser()));
  for (const other of others) await other.createTask();
  expect((await user.run(rename, { id })).data.updateTask.task.title).toBe('renamed');
  const text = `select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()
    and client_port is not null and application_name = ''`;
  // Ten of the server's, four of the test's own.
  await vi.waitFor(async () => expect((await server.sql(text)).length).toBeLessThanOrEqual(14), patient);
}

const everything = ({ server, user, id }: Scene) => [
  ...Array.from({ length: 3 }, () => operations.map((operation) => user.run(operation, { id }))).flat(),
  server.client().run('mutation { login(input: { email: "a@example.com", password: "x" }) { accessToken } }'),
];

const scenes: Record<string, (scene: Scene) => Promise<void>> = {
  async 'connections that are open'(scene) {
    scene.proxy.silence(true);
    await expectRefusals(scene, everything(scene));
  },
  async 'connections that are to be opened'(scene) {
    scene.proxy.silence(true);
    // The answers that end them do come through.
    scene.proxy.cut();
    await expectRefusals(scene, everything(scene));
  },
  async 'statements within a transaction'(scene) {
    const holder = new pg.Client({ connectionString: scene.server.databaseUrl });
    await holder.connect();
    await holder.query('begin; select from task for update');
    const sent = scene.user.run(rename, { id: scene.id });
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await vi.waitFor(async () => expect(await scene.server.sql(waiting)).toHaveLength(1), patient);
    scene.proxy.silence(true);
    await expectRefusals(scene, [sent]);
    await holder.end();
  },
};

describe.concurrent('a database that answers nothing any more', () => {
  for (const [name, play] of Object.entries(scenes)) {
    describe(name, () => {
      const proxy = new PostgresProxy();
      const server = useServer({}, (url) => proxy.to(url));
      afterAll(() => proxy.close());

      test('is given up within twelve seconds, and used again when it answers', async () => {
        const user = await server.newUser();
        const scene = { proxy, server, user, id: await user.createTask() };
        await play(scene);
        await expectRecovery(scene);
      });
    });
  }
});
