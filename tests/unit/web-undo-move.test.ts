import { expect, test } from 'vitest';
import { movesBackAmong } from '../../web/src/tasks/actions/undo-move.ts';

const at = (position: string) => ({ id: position.toUpperCase(), position });
const places = (moved: string, siblings: string) =>
  movesBackAmong([...moved].map(at) as never, [...siblings].map(at)).map(({ tasks, target }) => [
    tasks.map(({ id }) => id).join(''),
    target,
  ]);

test.each([
  ['b', 'acd', [['B', { afterId: 'A' }]]],
  ['a', 'bcd', [['A', { beforeId: 'B' }]]],
  ['d', 'abc', [['D', { afterId: 'C' }]]],
  ['b', '', [['B', {}]]],
  ['bc', 'ad', [['BC', { afterId: 'A' }]]],
  // Of scattered ones, each finds its own position.
  [
    'bd',
    'ace',
    [
      ['B', { afterId: 'A' }],
      ['D', { afterId: 'C' }],
    ],
  ],
  // The neighbours are gone, or others have come.
  ['c', 'ae', [['C', { afterId: 'A' }]]],
  ['c', 'ef', [['C', { beforeId: 'E' }]]],
  // One of them is back already.
  [
    'bd',
    'abce',
    [
      ['B', { afterId: 'A' }],
      ['D', { afterId: 'C' }],
    ],
  ],
])('%j moved away from among %j comes back to %j', (moved, siblings, expected) => {
  expect(places(moved, siblings)).toEqual(expected);
});
