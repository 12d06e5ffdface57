import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Orm, openOrm } from '../../src/database/orm.ts';
import { ServiceDatabase } from '../../src/database/service-database.ts';
import { inBatches } from '../../src/jobs/batches.ts';
import { type Job, type JobContext, job, periodicJob } from '../../src/jobs/job.ts';
import { Jobs } from '../../src/jobs/jobs.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { inRequestScope, requestScope } from '../../src/observability/request-scope.ts';
import type { Client } from '../support/client.ts';
import { LogSink, startServer, useServer } from '../support/server.ts';

const server = useServer({ jobs: false });
let orm: Orm;
let serviceDatabase: ServiceDatabase;

beforeAll(async () => {
  orm = await openOrm(server.databaseUrl, 6);
  serviceDatabase = new ServiceDatabase(orm, true, createLogger('silent'));
});
afterAll(async () => {
  await serviceDatabase.close();
  await orm.close();
});

interface Payload {
  readonly count: number;
  readonly user?: string;
}

async function createLabel(user: Client): Promise<string> {
  const made = await user.run('mutation { createLabel(input: { name: "label" }) { label { id } } }');
  return made.data.createLabel.label.id;
}

/** Starts an instance with these jobs. */
function start(jobs: readonly Job<never>[], isWorking = true) {
  const log = new LogSink();
  const instance = new Jobs({ serviceDatabase, logger: createLogger('info', log) }, jobs, isWorking);
  instance.start();
  onTestFinished(() => instance.stop());
  const enqueue = <Given extends object>(declared: Job<Given>, ...payloads: Given[]) =>
    serviceDatabase.change((transaction) => instance.enqueue(transaction, declared, ...payloads));
  return {
    instance,
    enqueue,
    log: () =>
      log.text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  };
}

const stored = (name: string) =>
  server.sql<{ state: string; retry_count: number; output: { message: string } | null; data: Payload }>(
    'select state, retry_count, output, data from public_jobs.job where name = $1 order by created_on',
    [name],
  );

test('a job runs once at once, after the commit, with its payload, and leaves nothing', async () => {
  const runs: unknown[] = [];
  const noted = job<Payload>('noted', async (payload, { id }) => void runs.push([payload, typeof id]));
  const { instance, enqueue } = start([noted]);
  await enqueue(noted, { count: 0 });
  await expect.poll(() => runs).toHaveLength(1);
  const started = performance.now();
  await serviceDatabase.change(async (transaction) => {
    await instance.enqueue(transaction, noted, { count: 1 });
    await pause(100);
    expect(runs).toHaveLength(1);
  });
  await expect.poll(() => runs).toHaveLength(2);
  // Sooner than it would be polled.
  expect(performance.now() - started).toBeLessThan(4_000);
  expect(runs).toEqual([0, 1].map((count) => [{ count }, 'string']));
  await expect.poll(() => stored('noted')).toEqual([]);
});

test('a change that fails adds no job', async () => {
  const never = job<Payload>('never', async () => {});
  const { instance } = start([never], false);
  const change = serviceDatabase.change(async (transaction) => {
    await instance.enqueue(transaction, never, { count: 1 });
    throw new Error('no such thing');
  });
  await expect(change).rejects.toThrow('no such thing');
  expect(await stored('never')).toEqual([]);
});

test('an instance that only serves adds jobs, and another one finds them', async () => {
  const runs: number[] = [];
  const handed = job<Payload>('handed', async ({ count }) => void runs.push(count));
  const serving = start([handed], false);
  await serving.enqueue(handed, { count: 1 }, { count: 2 });
  expect((await stored('handed')).map(({ state }) => state)).toEqual(['created', 'created']);
  start([handed]);
  await expect.poll(() => runs).toEqual([1, 2]);
});

test('a job that fails is logged, keeps its reason, and waits before it is tried again', async () => {
  const failing = job<Payload>('failing', async () => {
    throw new Error('no such thing\nselect secret');
  });
  const { enqueue, log } = start([failing]);
  await enqueue(failing, { count: 1 });
  await expect.poll(() => stored('failing')).toEqual([expect.objectContaining({ state: 'retry' })]);
  expect(log()).toContainEqual(
    expect.objectContaining({ job: 'failing', attempt: 1, msg: 'a job failed and will be tried again' }),
  );
  const [row] = await stored('failing');
  expect(row?.output?.message).toBe('no such thing');
  const [wait] = await server.sql<{ seconds: number }>(
    `select extract(epoch from start_after - now())::float8 as seconds from public_jobs.job where name = 'failing'`,
  );
  expect(wait?.seconds).toBeGreaterThan(3);
  expect(wait?.seconds).toBeLessThan(10);
});

test('jobs that hang do not keep the next one waiting', async () => {
  const released = Promise.withResolvers<void>();
  onTestFinished(() => released.resolve());
  const done: number[] = [];
  const hanging = job<Payload>('hanging', async ({ count }) => {
    if (count < 4) await released.promise;
    done.push(count);
  });
  const { enqueue } = start([hanging]);
  await enqueue(hanging, ...Array.from({ length: 5 }, (_, count) => ({ count })));
  await expect.poll(() => done).toEqual([4]);
  released.resolve();
});

test('what was not tried yet comes before what has failed', async () => {
  const order: number[] = [];
  const picky = {
    ...job<Payload>('picky', async ({ count }) => {
      order.push(count);
      if (order.length === 1) throw new Error('the first time');
    }),
    atOnce: 1,
  };
  const first = start([picky]);
  await first.enqueue(picky, { count: 0 });
  await expect.poll(() => stored('picky')).toEqual([expect.objectContaining({ state: 'retry' })]);
  await first.instance.stop();
  await start([picky], false).enqueue(picky, { count: 1 });
  await server.sql(
    `update public_jobs.job set start_after = now() - interval '1 hour' where name = 'picky' and state = 'retry'`,
  );
  start([picky]);
  await expect.poll(() => order).toEqual([0, 1, 0]);
});

test('requests that add jobs right after the start leave a connection to open their tables', async () => {
  const users = await Promise.all(Array.from({ length: 4 }, () => server.newUser()));
  const labels = await Promise.all(users.map((user) => createLabel(user)));
  // So that all requests are there before the tables are open.
  const holder = new pg.Client({ connectionString: server.databaseUrl });
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query('begin; lock table public_jobs.queue in access exclusive mode');
  const small = await startServer(server.databaseUrl, { databasePoolSize: 2 });
  onTestFinished(() => small.stop());
  const remove = 'mutation ($id: ID!) { deleteLabel(input: { id: $id }) { deletedId } }';
  const sent = users.map((user, index) => user.at(small.url).run(remove, { id: labels[index] }));
  await pause(500);
  await holder.query('commit');
  const replies = await Promise.all(sent);
  expect(replies.map(({ data }) => data.deleteLabel.deletedId)).toEqual(labels);
});

test('after a day of attempts a job is given up, logged, and stays visible', async () => {
  const hopeless = job<Payload>('hopeless', async () => {
    throw new Error('no such thing');
  });
  const serving = start([hopeless], false);
  await serving.enqueue(hopeless, { count: 1 });
  await server.sql(`update public_jobs.job set retry_count = retry_limit, state = 'retry' where name = 'hopeless'`);
  const { log } = start([hopeless]);
  await expect.poll(() => stored('hopeless')).toEqual([expect.objectContaining({ state: 'failed' })]);
  const message = 'a job has failed for a day and was given up';
  await expect.poll(log).toContainEqual(expect.objectContaining({ job: 'hopeless', msg: message }));
});

test('a job whose worker is killed at its last attempt is given up, logged once, and stays visible', async () => {
  const attempts: Payload[] = [];
  const killed = job<Payload>('killed', async (payload) => void attempts.push(payload));
  await start([killed], false).enqueue(killed, { count: 1, user: 'one' });
  await server.sql(
    `update public_jobs.job set retry_count = retry_limit, state = 'active', started_on = now() - interval '1 minute',
       heartbeat_on = now() - interval '1 minute' where name = 'killed'`,
  );
  const instances = [start([killed]), start([killed])];
  await expect.poll(() => stored('killed')).toEqual([expect.objectContaining({ state: 'failed' })]);
  await expect.poll(() => stored('given-up')).toEqual([]);
  const lines = instances.flatMap(({ log }) => log());
  const [message, reason] = ['a job has failed for a day and was given up', 'job heartbeat timeout'];
  expect(lines).toEqual([expect.objectContaining({ job: 'killed', id: expect.any(String), msg: message, reason })]);
  expect(attempts).toEqual([]);
});

test('two instances never run jobs of one user at once, but those of two users', async () => {
  const running = new Map<string, number>();
  const both = Promise.withResolvers<void>();
  let [most, together] = [0, 0];
  const counted = job<Payload>('counted', async ({ user = '' }) => {
    running.set(user, (running.get(user) ?? 0) + 1);
    most = Math.max(most, ...running.values());
    together = Math.max(
      together,
      [...running.values()].reduce((sum, each) => sum + each),
    );
    if (together > 1) both.resolve();
    // The other instance may not look before it polls.
    await both.promise;
    await pause(30);
    running.set(user, (running.get(user) ?? 0) - 1);
  });
  const serving = start([counted], false);
  const payloads = Array.from({ length: 12 }, (_, count) => ({ count, user: count < 6 ? 'one' : 'other' }));
  await serving.enqueue(counted, ...payloads);
  for (const _ of [1, 2]) start([counted]);
  await expect.poll(() => stored('counted')).toEqual([]);
  expect({ most, together }).toEqual({ most: 1, together: 2 });
});

test('a periodic job runs at the start, on one instance at a time', async () => {
  const held = Promise.withResolvers<void>();
  let runs = 0;
  const regular = periodicJob('regular', 3_600, async () => {
    runs += 1;
    await held.promise;
  });
  for (const _ of [1, 2]) start([regular]);
  await expect.poll(() => runs).toBe(1);
  await pause(300);
  expect(runs).toBe(1);
  held.resolve();
});

test('a job is not part of the request that enqueued it', async () => {
  const scopes: unknown[] = [];
  const scoped = job<Payload>('scoped', async () => void scopes.push(requestScope()));
  const scope = { requestId: 'one', deadline: performance.now() + 60_000 };
  // Started by it, too, as by one that comes right after the start.
  await inRequestScope(scope, () => start([scoped]).enqueue(scoped, { count: 1 }));
  await expect.poll(() => scopes).toEqual([undefined]);
});

test('stopping waits for the current batch and starts no other, and the job waits for the next start', async () => {
  const held = Promise.withResolvers<number>();
  let batches = 0;
  const batch = (): Promise<number> => {
    batches += 1;
    return batches === 1 ? held.promise : Promise.resolve(0);
  };
  const long = job<Payload>('long', (_payload, context: JobContext) => inBatches(context, 'done', batch));
  const { instance, enqueue, log } = start([long]);
  await enqueue(long, { count: 1 });
  await expect.poll(() => batches).toBe(1);
  const stopped = instance.stop();
  held.resolve(7);
  await stopped;
  expect(batches).toBe(1);
  expect(log()).toEqual([]);
  expect(await stored('long')).toEqual([expect.objectContaining({ state: 'retry' })]);
  const attempts: unknown[] = [];
  const next = job<Payload>('long', async () => void attempts.push((await stored('long'))[0]?.retry_count));
  start([next]);
  // At once, and still the first attempt.
  await expect.poll(() => attempts, { timeout: 3_000 }).toEqual([0]);
});

test('batches go on until one finds nothing, and are logged as one line', async () => {
  const left = [3, 4, 0];
  const gradual = job<Payload>('gradual', (_payload, context) =>
    inBatches(context, 'done', async () => left.shift() ?? 0),
  );
  const { enqueue, log } = start([gradual]);
  await enqueue(gradual, { count: 1 });
  await expect.poll(log).toEqual([expect.objectContaining({ msg: 'done', rows: 7 })]);
});

test('what belongs to a user goes with the user', async () => {
  const owned = job<Payload>('owned', async () => {});
  const { instance, enqueue } = start([owned], false);
  await enqueue(owned, { count: 1, user: 'one' }, { count: 2, user: 'other' }, { count: 3 });
  await serviceDatabase.change((transaction) => instance.deleteJobsOf(transaction, 'one'));
  expect((await stored('owned')).map(({ data }) => data.count)).toEqual([2, 3]);
});
