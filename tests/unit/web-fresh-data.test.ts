import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { changeOf, changesIn, KnownChanges, knownChanges } from '../../web/src/graphql/known-changes.ts';
import { FreshData } from '../../web/src/live/fresh-data.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const always = () => true;
const later = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

test('a burst of 1,000 changes makes one reload', async () => {
  const reload = vi.fn(async () => {});
  const data = new FreshData(reload, always);
  for (let i = 0; i < 1_000; i++) data.add([`burst ${i}`]);
  expect(reload).not.toHaveBeenCalled();
  await later(100);
  expect(reload).toHaveBeenCalledTimes(1);
  await later(60_000);
  expect(reload).toHaveBeenCalledTimes(1);
});

test('while others keep changing things, the page is reloaded each second, and once afterwards', async () => {
  const reload = vi.fn(async () => {});
  const data = new FreshData(reload, always);
  for (let i = 0; i < 100; i++) {
    data.add([`steady ${i}`]);
    await later(50);
  }
  expect(reload).toHaveBeenCalledTimes(5);
  await later(60_000);
  expect(reload).toHaveBeenCalledTimes(6);
});

test('a change during a reload leads to one more', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const reload = vi.fn(() => promise);
  const data = new FreshData(reload, always);
  data.add(['first']);
  await later(100);
  data.add(['second']);
  await later(10_000);
  expect(reload).toHaveBeenCalledTimes(1);
  resolve();
  await later(1_000);
  expect(reload).toHaveBeenCalledTimes(2);
});

test('what the page shows already needs no reload: its own changes, and those it has reloaded after', async () => {
  const reload = vi.fn(async () => {});
  const data = new FreshData(reload, always);
  data.add(['own 1']);
  // The response may arrive after the event.
  knownChanges.add(['own 1']);
  await later(10_000);
  expect(reload).not.toHaveBeenCalled();
  data.add(['own 1', 'own 2']);
  await later(10_000);
  expect(reload).toHaveBeenCalledTimes(1);
  data.add(['own 2']);
  await later(10_000);
  expect(reload).toHaveBeenCalledTimes(1);
  data.add([null]);
  await later(10_000);
  expect(reload).toHaveBeenCalledTimes(2);
});

test('after a reload that fails, the next occasion reloads', async () => {
  const reload = vi.fn(async () => {}).mockRejectedValueOnce(new Error('offline'));
  const data = new FreshData(reload, always);
  data.add(['missed']);
  await later(60_000);
  expect(reload).toHaveBeenCalledTimes(1);
  data.add([]);
  await later(60_000);
  expect(reload).toHaveBeenCalledTimes(2);
  data.add([]);
  await later(60_000);
  expect(reload).toHaveBeenCalledTimes(2);
});

test('a hidden page waits until it is visible', async () => {
  const reload = vi.fn(async () => {});
  let isVisible = false;
  const data = new FreshData(reload, () => isVisible);
  data.add(['unseen']);
  await later(60_000);
  expect(reload).not.toHaveBeenCalled();
  isVisible = true;
  data.resume();
  await later(100);
  expect(reload).toHaveBeenCalledTimes(1);
});

test('a change is known by version, position, list and parent, wherever a response has the record', () => {
  const task = { id: 'a', version: 2, position: 'm', list: { id: 'l' }, parent: null };
  expect(
    changesIn({ updateTasks: { tasks: [{ ...task, title: 'One', labels: [{ id: 'b', name: 'urgent' }] }] } }),
  ).toEqual([changeOf(task)]);
  const others = [{ version: 3 }, { position: 'n' }, { list: { id: 'k' } }, { list: null }, { parent: { id: 'p' } }];
  for (const other of others) expect(changeOf({ ...task, ...other })).not.toBe(changeOf(task));
  expect(changeOf({ id: 'user' })).toBeNull();
});

test('only the latest changes are kept', () => {
  const known = new KnownChanges();
  for (let i = 0; i < 10_000; i++) known.add([String(i)]);
  expect([known.includes(['9999']), known.includes(['1'])]).toEqual([true, false]);
});
