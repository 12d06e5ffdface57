import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ServerClock } from '../../web/src/graphql/server-clock.ts';

const hour = 3_600_000;
const serverTime = Date.UTC(2026, 10, 21, 12, 0, 0, 400);

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A device whose clock is this much ahead asks once; the answer takes as long. */
async function ask(
  clock: ServerClock,
  ahead: number,
  { date, took = 80 }: { date?: string | null; took?: number } = {},
) {
  vi.setSystemTime(serverTime + ahead);
  vi.stubGlobal('fetch', async () => {
    vi.setSystemTime(Date.now() + took);
    const headers = date === null ? {} : { date: date ?? new Date(serverTime).toUTCString() };
    return new Response('', { headers });
  });
  await clock.fetch('/graphql');
}

const timeOf = (id: string): number => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);

test.each([49 * hour, -49 * hour, 87_600 * hour, 20_000, -20_000])(
  'a clock %i ms ahead is put right',
  async (ahead) => {
    const clock = new ServerClock();
    await ask(clock, ahead);
    expect(Math.abs(clock.now() - serverTime)).toBeLessThan(1_100);
    expect(Math.abs(timeOf(clock.newId()) - serverTime)).toBeLessThan(1_100);
  },
);

test.each([0, 300, -300])('a clock %i ms ahead is left alone: an answer tells whole seconds', async (ahead) => {
  const clock = new ServerClock();
  await ask(clock, ahead);
  expect(clock.now()).toBe(Date.now());
});

test.each([[null], ['yesterday'], ['']])('an answer whose date is %j changes nothing', async (date) => {
  const clock = new ServerClock();
  await ask(clock, 49 * hour, { date });
  expect(clock.now()).toBe(Date.now());
});

test('a slow answer, and a device whose clock is set meanwhile, are put right by the next one', async () => {
  const clock = new ServerClock();
  await ask(clock, 49 * hour, { took: 60_000 });
  await ask(clock, 0);
  expect(clock.now()).toBe(Date.now());
});

test('ids rise, also within a millisecond, but do not wait for a clock that was put back', async () => {
  const clock = new ServerClock();
  vi.setSystemTime(serverTime + 49 * hour);
  clock.newId();
  await ask(clock, 49 * hour);
  const ids = Array.from({ length: 50 }, () => clock.newId());
  expect(ids).toEqual(ids.toSorted());
  expect(new Set(ids).size).toBe(50);
  for (const id of ids) expect(Math.abs(timeOf(id) - serverTime)).toBeLessThan(1_100);
});

test.each([49 * hour, 87_600 * hour])('a clock that jumps %i ms ahead makes no id of the future', async (jump) => {
  const clock = new ServerClock();
  await ask(clock, 0);
  const before = clock.newId();
  vi.setSystemTime(Date.now() + jump);
  const after = clock.newId();
  expect(timeOf(after) - serverTime).toBeLessThan(hour);
  expect(after > before).toBe(true);
});
