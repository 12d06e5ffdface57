import { afterEach, expect, test } from 'vitest';
import type { ServiceDatabase } from '../../src/database/service-database.ts';
import { Background, batchJob, type Job, type JobContext } from '../../src/jobs/background.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { inRequestScope, requestScope } from '../../src/observability/request-scope.ts';

// No job here has any SQL.
const serviceDatabase = { change: (work: () => unknown) => work() } as unknown as ServiceDatabase;
let background: Background | undefined;
afterEach(() => background?.stop());

/** A job whose runs end when they are told to. */
function heldJob(interval = 3_600_000) {
  const runs: { context: JobContext; end: PromiseWithResolvers<void> }[] = [];
  const job: Job = {
    failure: 'it failed',
    interval,
    run: (context) => {
      const end = Promise.withResolvers<void>();
      runs.push({ context, end });
      return end.promise;
    },
  };
  return { job, runs };
}

function start(job: Job, level: 'error' | 'info' = 'error'): { background: Background; log: string[] } {
  const log: string[] = [];
  const logger = createLogger(level, { write: (line: string) => log.push(line) });
  background = new Background({ serviceDatabase, logger }, [job]);
  return { background, log };
}

test('a job runs at the start, once at a time, and once more for all requests during a run', async () => {
  const { job, runs } = heldJob();
  const { background } = start(job);
  expect(runs).toHaveLength(1);
  for (let count = 0; count < 3; count++) background.soon(job);
  expect(runs).toHaveLength(1);
  runs[0]?.end.resolve();
  await expect.poll(() => runs).toHaveLength(2);
  runs[1]?.end.resolve();
  await background.stop();
  expect(runs).toHaveLength(2);
});

test('a run that a request asks for is not part of that request', async () => {
  const scopes: unknown[] = [];
  const job: Job = {
    failure: 'it failed',
    interval: 3_600_000,
    run: async () => void scopes.push(requestScope()),
  };
  const { background } = start(job);
  const ask = (): number => {
    inRequestScope({ requestId: 'one', deadline: 0 }, () => background.soon(job));
    return scopes.length;
  };
  await expect.poll(ask).toBeGreaterThan(1);
  expect(new Set(scopes)).toEqual(new Set([undefined]));
});

test('a failed run is logged, and the next interval runs the job again', async () => {
  const { job, runs } = heldJob(5);
  const { background, log } = start(job);
  runs[0]?.end.reject(new Error('no such thing'));
  await expect.poll(() => runs.length).toBeGreaterThan(1);
  expect(log).toEqual([expect.stringMatching(/no such thing.*it failed/)]);
  runs[1]?.end.resolve();
  await background.stop();
});

test('stopping waits for the batch in progress and starts no other', async () => {
  const held = Promise.withResolvers<number>();
  let batches = 0;
  const batch = (): Promise<number> => {
    batches += 1;
    return batches === 1 ? held.promise : Promise.resolve(0);
  };
  const { background, log } = start(batchJob({ failure: 'it failed', success: 'done', batch }), 'info');
  await expect.poll(() => batches).toBe(1);
  const stopped = background.stop();
  held.resolve(7);
  await stopped;
  expect(batches).toBe(1);
  expect(log.map((line) => JSON.parse(line))).toEqual([expect.objectContaining({ msg: 'done', rows: 7 })]);
});

test('items that fail keep no others waiting, and are logged as one line', async () => {
  const left = [3, 1, 2, 0].map((batches) => ({ batches }));
  const job = batchJob({
    failure: 'some failed',
    success: 'done',
    items: left,
    async batch(_transaction, item) {
      if (item.batches === 0) return 0;
      item.batches -= 1;
      if (left.indexOf(item) % 2 === 1) throw new Error('no such thing');
      return 10;
    },
  });
  const { background, log } = start(job, 'info');
  await expect.poll(() => log).toHaveLength(2);
  await background.stop();
  expect(log.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({ msg: 'some failed', failed: 1, of: 4, err: expect.anything() }),
    expect.objectContaining({ msg: 'done', rows: 50 }),
  ]);
});
