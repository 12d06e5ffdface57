import { expect, test } from 'vitest';
import { UserQueues } from '../../src/database/user-queues.ts';
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
  await expect(within('user')).rejects.toThrow('would wait for what it is part of');
  expect(await within('another user')).toBe('done');
});
