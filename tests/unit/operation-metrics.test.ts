import 'reflect-metadata';
import {
  buildSchema,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { expect, test } from 'vitest';
import { brokenLimits, brokenVariableLimits } from '../../src/graphql/checks/limits.ts';
import { measureOperation } from '../../src/graphql/checks/operation-metrics.ts';

// The API's own schema is too shallow to go over the depth, and has no lists within lists.
const schema = buildSchema(`
  interface Node { id: ID! }
  type Query { root: Folder! node: Node folders(first: Int, last: Int): Folders }
  type Folders { nodes: [Folder!]! totalCount: Int! }
  type Folder implements Node { id: ID! parent: Folder children(first: Int, last: Int): Folders tags: [Folder!]! }
`);

function measure(text: string, variables: Record<string, unknown> = {}) {
  const { definitions } = parse(text);
  const fragments = definitions.filter(
    (node): node is FragmentDefinitionNode => node.kind !== Kind.OPERATION_DEFINITION,
  );
  const named = new Map(fragments.map((fragment) => [fragment.name.value, fragment]));
  return measureOperation(schema, named, definitions[0] as OperationDefinitionNode, variables);
}

/** `root { parent { … id } }`, that many fields deep. */
function nested(depth: number): string {
  return `root { ${'parent { '.repeat(depth - 2)} id ${'}'.repeat(depth - 1)}`;
}

test('a depth of 12 fields is the limit, and the error has the measured value', () => {
  expect(brokenLimits(measure(`{ ${nested(12)} }`))).toEqual([]);
  expect(brokenLimits(measure(`{ ${nested(13)} }`))).toEqual(['depth 13 of at most 12']);
});

test('fragments add to the depth at their spread, but are no level themselves', () => {
  const chain = `fragment A on Folder { parent { ...B } } fragment B on Folder { ... on Node { ... { id } } }`;
  expect(measure(`{ root { ...A } } ${chain}`).depth).toBe(3);
  expect(measure(`{ node { ... on Folder { parent { parent { ...A } } } } } ${chain}`).depth).toBe(5);
});

test('the deepest branch counts, wherever it is', () => {
  expect(measure(`{ a: ${nested(3)} b: ${nested(7)} c: ${nested(4)} }`).depth).toBe(7);
});

test('introspection has its own budget: 20 from __schema or __type down', () => {
  const introspection = (depth: number) =>
    `__schema { types { ${'ofType { '.repeat(depth - 3)} name ${'}'.repeat(depth - 1)}`;
  expect(brokenLimits(measure(`{ ${introspection(20)} }`))).toEqual([]);
  expect(brokenLimits(measure(`{ ${introspection(21)} }`))).toEqual(['introspection depth 21 of at most 20']);
  expect(measure(`{ ${introspection(20)} ${nested(5)} }`)).toMatchObject({
    depth: 5,
    introspectionDepth: 20,
    cost: 1_004,
  });
});

test.each([
  [
    'pages in pages multiply',
    '{ folders(first: 10) { nodes { children(first: 20) { nodes { id } } } } }',
    1 + 10 * (1 + 1 + 20),
  ],
  [
    'a page counts from either end',
    '{ folders(last: 10) { nodes { children(last: 20) { nodes { id } } } } }',
    1 + 10 * (1 + 1 + 20),
  ],
  ['a page that names no size has 50', '{ folders { nodes { id } } }', 51],
  ['a page beyond 100 counts as 100', '{ folders(first: 2147483647) { nodes { id } } }', 101],
  ['a negative page counts as none', '{ folders(first: -1) { nodes { id } } }', 1],
  ['a list outside of pages counts as 100', '{ root { tags { id } } }', 1 + 100],
  ['a list below a page is not the page', '{ folders(first: 2) { nodes { tags { id } } } }', 1 + 2 * (1 + 100)],
  ['a total is a scalar', '{ folders(first: 2) { totalCount } }', 1],
  [
    'a fragment counts once for each object of the page around it',
    '{ a: folders(first: 2) { ...F } b: folders(first: 3) { ...F } } fragment F on Folders { nodes { id } }',
    3 + 4,
  ],
  ['what is skipped counts', '{ root @skip(if: true) { id } }', 1],
])('%s', (_title, text, cost) => {
  expect(measure(text).cost).toBe(cost);
});

test('a bomb of fragments is measured in time proportional to its length, and its huge cost is not spelled out', () => {
  const bomb = Array.from({ length: 90 }, (_, i) => `fragment F${i} on Folder { ...F${i + 1} ...F${i + 1} }`).join(' ');
  const before = process.threadCpuUsage();
  const broken = brokenLimits(measure(`{ root { ...F0 } } ${bomb} fragment F90 on Folder { a: parent { id } }`));
  const { user, system } = process.threadCpuUsage(before);
  expect(broken).toEqual(['aliases over a billion of at most 30', 'cost over a billion of at most 5,000']);
  expect((user + system) / 1_000).toBeLessThan(250);
});

test('variables nest 10 levels, themselves included', () => {
  const nest = (levels: number): unknown => (levels === 0 ? 'x' : { a: [1, nest(levels - 1)].slice(1)[0] });
  const tooDeep = ['variables nested deeper than 10 levels'];
  expect(brokenVariableLimits(nest(10))).toEqual([]);
  expect(brokenVariableLimits(nest(11))).toEqual(tooDeep);
  expect(brokenVariableLimits({ a: null, b: [[[[[[[[['x']]]]]]]]] })).toEqual([]);
  expect(brokenVariableLimits({ a: null, b: [[[[[[[[[[]]]]]]]]]] })).toEqual(tooDeep);
});

test('variables hold 2,500 values, themselves and their lists included', () => {
  expect(brokenVariableLimits({ a: Array(2_498).fill(1) })).toEqual([]);
  expect(brokenVariableLimits({ a: Array(2_499).fill(1) })).toEqual(['variables of more than 2,500 values']);
});

test('an object of a field with a flat cost costs that, whatever its own fields, and what is below them', () => {
  const changes = buildSchema(`
    interface Node { id: ID! }
    type Query { changes(first: Int): Page }
    type Page { changes: [Change!]! }
    type Change { record: Node }
    type Folder implements Node { id: ID! text: String parent: Folder tags: [Folder!]! children(first: Int): [Folder!] }
  `);
  const fieldsOf = (name: string) => (changes.getType(name) as GraphQLObjectType).getFields();
  Object.assign(fieldsOf('Query').changes ?? {}, { extensions: { pageSizes: { usual: 100, maximum: 500 } } });
  Object.assign(fieldsOf('Change').record ?? {}, { extensions: { flatCost: 4 } });
  Object.assign(fieldsOf('Folder').text ?? {}, { extensions: { complexity: 5 } });
  Object.assign(fieldsOf('Folder').tags ?? {}, { extensions: { complexity: 3 } });
  const costOf = (fields: string, size = '') => {
    const [operation] = parse(
      `{ changes${size} { changes { record { ...F } } } } fragment F on Folder { ${fields} }`,
    ).definitions;
    const [, fragment] = parse(`{ id } fragment F on Folder { ${fields} }`).definitions;
    const fragments = new Map([['F', fragment as FragmentDefinitionNode]]);
    return measureOperation(changes, fragments, operation as OperationDefinitionNode, {}).cost;
  };
  expect(costOf('id')).toBe(1 + 100 * 5);
  expect(costOf('id text parent { id } tags { id }', '(first: 600)')).toBe(1 + 500 * 5);
  expect(costOf('parent { text }')).toBe(1 + 100 * (5 + 5));
  expect(costOf('parent { parent { id } }')).toBe(1 + 100 * (5 + 1));
  expect(costOf('tags { parent { id } }')).toBe(1 + 100 * (5 + 3));
});
