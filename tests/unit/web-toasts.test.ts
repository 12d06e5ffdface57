import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Toasts } from '../../web/src/messages/toasts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const texts = (toasts: Toasts) => toasts.get().map(({ text }) => text);

test('a message goes after its time, and a question stays', () => {
  const toasts = new Toasts();
  toasts.ask('Which one?');
  toasts.show('Saved.');
  expect(texts(toasts)).toEqual(['Which one?', 'Saved.']);
  vi.advanceTimersByTime(60_000);
  expect(texts(toasts)).toEqual(['Which one?']);
});

test('messages push out messages, three at most, and never a question', () => {
  const toasts = new Toasts();
  toasts.ask('Which one?');
  for (const text of ['One.', 'Two.', 'Three.', 'Four.']) toasts.show(text);
  expect(texts(toasts)).toEqual(['Which one?', 'Two.', 'Three.', 'Four.']);
});

test('a message stays until the last one who holds it lets go, and has all of its time again then', () => {
  const toasts = new Toasts();
  toasts.show('Completed 3 tasks.');
  const [{ id } = { id: 0 }] = toasts.get();
  const [first, second] = [toasts.hold(id), toasts.hold(id)];
  vi.advanceTimersByTime(60_000);
  first();
  vi.advanceTimersByTime(60_000);
  expect(texts(toasts)).toEqual(['Completed 3 tasks.']);
  second();
  vi.advanceTimersByTime(7_000);
  expect(texts(toasts)).toEqual(['Completed 3 tasks.']);
  vi.advanceTimersByTime(2_000);
  expect(texts(toasts)).toEqual([]);
});

test('how far something is gives way to the next message, and a question stays', () => {
  const toasts = new Toasts();
  toasts.ask('Which one?');
  toasts.showProgress('0 of 250 tasks…');
  toasts.showProgress('100 of 250 tasks…');
  expect(toasts.get().map(({ text }) => text)).toEqual(['Which one?', '100 of 250 tasks…']);
  toasts.show('Completed 250 tasks.');
  expect(toasts.get().map(({ text }) => text)).toEqual(['Which one?', 'Completed 250 tasks.']);
});
