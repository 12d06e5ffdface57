import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { comparisonsOf } from '../../src/graphql/comparisons.ts';

function times(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(' ');
}

const objects = (count: number) => times(count, () => 'a { id }');
const chain = (count: number) => times(count, (i) => `fragment F${i} on T { b ...F${i + 1} ...F${i + 1} }`);

test.each<[string, string, number]>([
  ['fields with names of their own', `{ ${times(100, (i) => `a${i}`)} }`, 0],
  ['objects under one name, and what is below them', `{ ${objects(10)} }`, 45 + 45 / 40],
  ['objects in inline fragments', `{ ${times(10, () => '... { a { id } }')} }`, 45 + 45 / 40],
  ['objects in fragments', `{ a { id } ...F } fragment F on T { ${objects(9)} }`, 45 + 45 / 40],
  ['objects in what is merged', '{ a { b { c } } a { b { c } b { c } } }', 1 + 3 + 3 / 40],
  ['leaves that are all the same', `{ ${times(81, () => 'a')} }`, 81],
  ['leaves that differ', `{ ${times(10, (i) => `a: b${i}`)} }`, 45],
  ['leaves with arguments', `{ ${times(10, () => 'a(b: 1)')} }`, 45],
  ['fragments at one place', `{ ${times(11, (i) => `...F${i}`)} }`, 11],
  ['fragments in a fragment', `{ ...F } fragment F on T { ${times(10, (i) => `...F${i}`)} }`, 11],
  ['fragments at places that are merged', '{ a { ...F } a { ...G } }', 1 + 1 / 5],
  ['fragments one after another', `{ ...F0 } ${chain(100)}`, 4_950 / 40],
  ['a fragment that is not spread', `{ a } fragment F on T { ${objects(10)} }`, 45 + 45 / 40],
  ['a fragment in a circle', '{ ...F } fragment F on T { a { ...F } }', 0],
  ['several operations', `query A { ${objects(3)} } query B { ${objects(3)} }`, 2 * (3 + 3 / 40)],
])('counts %s', (_what, document, count) => {
  expect(comparisonsOf(parse(document), 1_000)).toBeCloseTo(count);
});

test.each([
  ['fields', `{ ${objects(1_000)} }`],
  ['fragments', `{ ${times(1_000, (i) => `...F${i}`)} }`],
  ['fragments that each operation spreads', `${times(20, (i) => `query N${i} { ...F0 }`)} ${chain(50)}`],
  [
    'fragments that lead to themselves on several ways',
    '{ ...F } fragment F on T { a { ...F } b { ...F } c { ...F } }',
  ],
])('gives up on too many %s', (_what, document) => {
  expect(comparisonsOf(parse(document), 1_000)).toBeGreaterThan(1_000);
});
