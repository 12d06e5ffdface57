import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ServiceDatabase } from '../../src/database/service-database.ts';
import type { Subscriber } from '../../src/live/subscriber.ts';
import { Subscribers } from '../../src/live/subscribers.ts';
import type { Logger } from '../../src/observability/logger.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

interface LookedUp {
  id: string;
  sessionId: string | null;
  revision: string;
}

/** Subscribers of a database in which these sessions are found. */
function subscribersOn(found: LookedUp[]) {
  const listeners = new Set<(userId: string) => void>();
  const lookUps: unknown[] = [];
  const serviceDatabase = {
    userChanges: {
      onCommitted(listener: (userId: string) => void) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    async read(_cacheKey: string, _build: unknown, values: unknown) {
      lookUps.push(values);
      return found;
    },
  } as unknown as ServiceDatabase;
  const warn = vi.fn();
  const subscribers = new Subscribers(serviceDatabase, 100, { warn } as unknown as Logger);
  const commit = (userId: string) => {
    for (const listener of listeners) listener(userId);
  };
  return { subscribers, commit, lookUps, listeners, warn };
}

/** How often a subscriber is woken: it reads at once. */
function wakesOf(subscriber: Subscriber): () => number {
  let wakes = 0;
  const read = async (): Promise<void> => {
    await subscriber.news();
    if (subscriber.isEnded) return;
    wakes += 1;
    await read();
  };
  void read();
  return () => wakes;
}

const ada = { id: 'ada', sessionId: '1' };
const bob = { id: 'bob', sessionId: '1' };
const upToDate = (subscriber: Subscriber) => Object.assign(subscriber, { revision: '7' });

test("a committed change wakes its user's subscribers, and nobody else's, within 20 milliseconds", async () => {
  const { subscribers, commit } = subscribersOn([]);
  const wakes = [ada, ada, bob].map((viewer) => wakesOf(subscribers.open(viewer)));
  commit('ada');
  await vi.advanceTimersByTimeAsync(20);
  expect(wakes.map((count) => count())).toEqual([1, 1, 0]);
});

test('a burst of changes wakes ten times a second', async () => {
  const { subscribers, commit } = subscribersOn([{ ...ada, revision: '7' }]);
  const wakes = wakesOf(upToDate(subscribers.open(ada)));
  for (let n = 0; n < 1_000; n++) {
    commit('ada');
    await vi.advanceTimersByTimeAsync(1);
  }
  expect(wakes()).toBe(10);
});

test('a look-up each second wakes those that have not read up to their counter', async () => {
  const { subscribers, lookUps } = subscribersOn([
    { ...ada, revision: '8' },
    { ...bob, revision: '7' },
  ]);
  const wakes = [ada, ada, bob].map((viewer) => wakesOf(upToDate(subscribers.open(viewer))));
  await vi.advanceTimersByTimeAsync(1_000);
  expect(wakes.map((count) => count())).toEqual([1, 1, 0]);
  // One row for each session.
  expect(lookUps).toEqual([{ userIds: ['ada', 'bob'], sessionIds: ['1', '1'] }]);
});

test('a look-up ends what it does not find, and what has expired', async () => {
  const { subscribers } = subscribersOn([
    { ...ada, revision: '7' },
    { ...bob, revision: '7' },
  ]);
  const now = Date.now() / 1_000;
  const gone = subscribers.open({ ...ada, sessionId: '2' });
  const expired = subscribers.open({ ...bob, authenticatedUntil: now + 1 });
  const good = subscribers.open({ ...ada, authenticatedUntil: now + 60 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect([gone, expired, good].map(({ reason }) => reason?.code)).toEqual([
    'UNAUTHENTICATED',
    'UNAUTHENTICATED',
    undefined,
  ]);
});

test('without subscribers nothing is looked up, and with the next one it begins again', async () => {
  const { subscribers, lookUps } = subscribersOn([{ ...ada, revision: '7' }]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lookUps).toHaveLength(0);
  const subscriber = subscribers.open(ada);
  await vi.advanceTimersByTimeAsync(1_000);
  subscribers.close(subscriber);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(lookUps).toHaveLength(1);
  subscribers.open(ada);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(lookUps).toHaveLength(2);
});

test('a stop ends many over some time, refuses more and listens no longer', async () => {
  const { subscribers, listeners } = subscribersOn([]);
  const users = Array.from({ length: 90 }, (_, n) => ({ id: `user ${n}`, sessionId: null }));
  const all = users.map((viewer) => subscribers.open(viewer));
  const ended = () => all.filter(({ reason }) => reason?.code === 'SERVICE_UNAVAILABLE').length;
  const stopped = subscribers.stop();
  expect(() => subscribers.open(ada)).toThrow('The server is restarting.');
  expect(listeners.size).toBe(0);
  await vi.advanceTimersByTimeAsync(450);
  expect(ended()).toBeGreaterThan(40);
  expect(ended()).toBeLessThan(50);
  await vi.advanceTimersByTimeAsync(450);
  await stopped;
  expect(ended()).toBe(90);
});
