import { expect, test } from 'vitest';
import { UserQueues } from '../../src/database/user-changes/user-queues.ts';
import { inRequestScope } from '../../src/observability/request-scope.ts';

test('a change whose request runs out of time while it waits leaves the queue to the others', async () => {
  const queues = new UserQueues(1);
  const { promise, resolve: end } = Promise.withResolvers<void>();
  const done: string[] = [];
  const run = (name: string) => queues.run('user', async () => void done.push(name));
  const first = queues.run('user', () => promise);
  const late = inRequestScope({ requestId: 'late', deadline: performance.now() + 20 }, () => run('late'));
  const last = run('last');
  await expect(late).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  expect(done).toEqual([]);
  end();
  await Promise.all([first, last]);
  expect(done).toEqual(['last']);
});

test('a change within a change of the same queue fails at once instead of waiting for itself', async () => {
  const queues = new UserQueues(1);
  const within = (queue: string) => queues.run('user', () => queues.run(queue, async () => 'done'));
  await expect(within('user')).rejects.toThrow('would wait for the work that called it');
  expect(await within('another user')).toBe('done');
});

test('two hundred wait, more are refused, and there is room again when one is done', async () => {
  const queues = new UserQueues(1);
  const { promise, resolve: end } = Promise.withResolvers<void>();
  const first = queues.run('user', () => promise);
  const waiting = Array.from({ length: 200 }, (_, index) => queues.run('user', async () => index));
  await expect(queues.run('user', async () => 0)).rejects.toMatchObject({
    code: 'RATE_LIMITED',
    details: { retryAfter: 1 },
  });
  expect(await queues.run('another user', async () => 'done')).toBe('done');
  end();
  await first;
  const last = queues.run('user', async () => 200);
  expect(await Promise.all([...waiting, last])).toEqual(Array.from({ length: 201 }, (_, index) => index));
});
