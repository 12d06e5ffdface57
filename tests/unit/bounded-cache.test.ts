import { expect, test } from 'vitest';
import { BoundedCache } from '../../src/graphql/bounded-cache.ts';

function keysOf(cache: BoundedCache<number>, keys: string): string {
  return [...keys].filter((key) => cache.get(key) !== undefined).join('');
}

test('what was not used for the longest time goes first, and no more than has to', () => {
  const cache = new BoundedCache<number>(10);
  for (const key of 'abcde') cache.set(key, 1, 2);
  cache.get('a');
  cache.set('f', 1, 3);
  expect(keysOf(cache, 'abcdef')).toBe('adef');
});

test('what is set again is counted as it is now', () => {
  const cache = new BoundedCache<number>(10);
  for (let again = 0; again < 9; again++) cache.set('a', again, 2);
  cache.set('b', 1, 8);
  expect([cache.get('a'), cache.get('b')]).toEqual([8, 1]);
  cache.set('a', 9, 3);
  expect([cache.get('a'), cache.get('b')]).toEqual([9, undefined]);
});

test('what has no room by itself is not kept, and moves nothing', () => {
  const cache = new BoundedCache<number>(10);
  cache.set('a', 1, 10);
  cache.set('b', 1, 11);
  expect(keysOf(cache, 'ab')).toBe('a');
});
