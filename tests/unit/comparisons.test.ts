import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { comparisonsOf, selectionsOf } from '../../src/graphql/checks/comparisons.ts';

function times(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(' ');
}

const objects = (count: number) => times(count, () => 'a { id }');
const fragment = (i: number) => `fragment F${i} on T { b ...F${i + 1} }`;

test.each<[string, string, number]>([
  ['fields with names of their own', `{ ${times(100, (i) => `a${i}`)} }`, 0],
  ['objects under one name, and what is below them', `{ ${objects(10)} }`, 45 + 45 / 40],
  ['objects in inline fragments', `{ ${times(10, () => '... { a { id } }')} }`, 45 + 45 / 40],
  ['objects at several places', '{ a { b { c } } a { b { c } b { c } } }', 1 + 3 + 3 / 40],
  ['objects in fragments', `{ a { id } ...F } fragment F on T { ${objects(9)} }`, 45 + 45 / 40 + 1 / 2],
  ['leaves that are all the same', `{ ${times(81, () => 'a')} }`, 81],
  ['leaves beside others of their name', `{ ${times(81, () => 'a')} a: b }`, 81 + 81],
  ['leaves that differ', `{ ${times(10, (i) => `a: b${i}`)} }`, 45],
  ['leaves with arguments', `{ ${times(10, () => 'a(b: 1)')} }`, 45],
  ['fragments, and how often they are spread', `{ ...F0 } ${times(9, fragment)}`, (10 * 10) / 2 + 36 / 40],
  ['several operations', `query A { ${objects(3)} } query B { ${objects(3)} }`, 15 + 15 / 40],
])('counts %s', (_what, document, count) => {
  expect(comparisonsOf(selectionsOf(parse(document)))).toBeCloseTo(count);
});
