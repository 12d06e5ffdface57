/** Documents that mean harm, by what they are refused with. Each is at most 100 kB, as JSON, and would change something if it ran. */

function times(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(' ');
}

function nest(levels: number, open: string, inner: string, close: string): string {
  return `${open.repeat(levels)}${inner}${close.repeat(levels)}`;
}

/** Each fragment spreads the next one twice: 2 to the power of `count` times what the last one holds. */
export function bomb(count: number, type: string, last: string, name = 'F'): string {
  const doubling = (i: number) => `fragment ${name}${i} on ${type} { ...${name}${i + 1} ...${name}${i + 1} }`;
  return `${times(count, doubling)} fragment ${name}${count} on ${type} { ${last} }`;
}

/** Fragments that spread one another in a circle. */
function ring(count: number): string {
  return times(count, (i) => `fragment F${i} on Mutation { ...F${(i + 1) % count} }`);
}

/** Leaves a task behind. */
function create(fields = 'id'): string {
  return `createTask(input: { title: "hostile" }) { task { ${fields} } }`;
}

function login(input: string): string {
  return `mutation { ${create()} login(input: ${input}) { expiresIn } }`;
}

const twist = (i: number) => `a: ${['id', 'title', 'version', 'priority'][i % 4]}`;

export const tooComplex = {
  'a bomb of fragments': `mutation { ${create('...F0')} } ${bomb(47, 'Task', 'a: id')}`,
  'a bomb of fragments with mutations': `mutation { ...F0 } ${bomb(47, 'Mutation', create())}`,
  'a bomb of fragments named with two underscores': `mutation { ...__0 } ${bomb(47, 'Mutation', create(), '__')}`,
  'a bomb of pages': `{ ...F0 } ${bomb(47, 'Query', 'tasks(first: 100) { nodes { id } }')}`,
  'inline fragments 120 deep': `mutation { ${nest(120, '... { __typename ', create(), '}')} }`,
  'overlapping fields that agree': `{ ${times(5, () => `tasks { ${times(8, () => 'edges { node { id } node { id } }')} }`)} }`,
  '6,000 aliases': `mutation { ${times(6_000, (i) => `a${i}: logout`)} }`,
  '5,500 aliases of __typename': `mutation { ${create()} ${times(5_500, (i) => `a${i}:__typename`)} }`,
  'aliases of __typename, few enough to be read': `mutation { ${create(times(160, (i) => `a${i}: __typename`))} }`,
  'thousands of root fields': `mutation { ${times(1_500, () => create())} }`,
  'root fields, few enough to be read': `mutation { ${times(27, (i) => `a${i}: ${create()}`)} }`,
  'thousands of directives': `mutation { ${create(`id ${'@skip(if: true) '.repeat(5_000)}`)} }`,
  'directives, few enough to be read': `mutation { ${create('id @skip(if: true) '.repeat(60))} }`,
  'thousands of variables': `mutation (${times(5_000, (i) => `$v${i}: Int`)}) { ${create()} }`,
  'thousands of operations': times(1_200, (i) => `mutation M${i} { ${create()} }`),
  'thousands of unused fragments': `mutation { ${create()} } ${times(3_000, (i) => `fragment F${i} on Task { id }`)}`,
  'a circle of 300 fragments': `mutation { ${create()} ...F0 } ${ring(300)}`,
  'a list 40,000 deep': login(nest(40_000, '[', '', ']')),
  'an object 20,000 deep': login(nest(20_000, '{a:', '1', '}')),
  'fields 30,000 deep': nest(30_000, '{a', '', '}'),
  'a type 40,000 deep': `mutation ($a: ${nest(40_000, '[', 'Int', ']')}) { ${create()} }`,
  'comments, most of them empty': `mutation { ${create()} } ${'#\n'.repeat(20_000)}`,
  'a block of empty lines': login(`{ email: """${'\n'.repeat(40_000)}""", password: "x" }`),
  'a text of escape sequences': login(`{ email: "${'\\n'.repeat(20_000)}", password: "x" }`),
  'more than 50,000 characters': `mutation { ${create()} } ${','.repeat(50_000)}`,
  'overlapping fields that differ': `mutation { ${create(times(160, twist))} }`,
  'overlapping fields with different arguments': `mutation { ${times(31, (i) => `createTask(input: { title: "${i}" }) { task { id } }`)} }`,
  'overlapping fields that differ three levels below': `{ ${times(9, (i) => `tasks { ${times(4, (j) => `nodes { ${times(3, (k) => twist(i + j + k))} }`)} }`)} }`,
  'fragments that each spread nine of twenty': `mutation { ${create()} ...F0 } ${times(20, (i) => `fragment F${i} on Mutation { ${times(9, (j) => `...F${(i + j) % 20}`)} }`)}`,
  'places that each lead to a chain of fragments': `mutation { ${create(times(36, () => 'labels { id ...F0 }'))} } ${times(29, (i) => `fragment F${i} on Label { id ...F${i + 1} }`)}`,
  'fields that would take long to compare': `mutation { ${create('id '.repeat(480))} }`,
  '240 directives that are not known': `mutation { ${create(`id ${'@x '.repeat(240)}`)} }`,
  '240 fragments that are not there': `mutation { ${create()} ${times(240, (i) => `...F${i}`)} }`,
  'a circle of 59 fragments': `mutation { ${create()} ...F0 } ${ring(59)}`,
  '24 operations': times(24, (i) => `mutation M${i} { ${create()} }`),
  '29 operations that each spread 30 fragments': `${times(29, (i) => `mutation M${i} { ...F0 }`)} ${bomb(30, 'Mutation', create())}`,
  'a field with a name of 45,000 letters': `mutation { ${create('x'.repeat(45_000))} }`,
  'introspection deeper than any tool asks': `{ __schema { types { ${nest(100, 'ofType {', 'name', '}')} } } }`,
};

export const invalid = {
  'a fragment that spreads itself': `mutation { ...F } fragment F on Mutation { ${create()} ...F }`,
  'two fragments that spread each other': `mutation { ${create()} ...F0 } ${ring(2)}`,
  'a circle of 40 fragments': `mutation { ${create()} ...F0 } ${ring(40)}`,
  'fragments that all spread all': `mutation { ${create()} ...F0 } ${times(10, (i) => `fragment F${i} on Mutation { ${times(10, (j) => `...F${j}`)} }`)}`,
  'a circle through introspection': '{ __schema { types { ...F } } } fragment F on __Type { fields { type { ...F } } }',
  'introspection that multiplies': `{ __schema { types { ${nest(6, 'fields { type {', 'name', '} }')} } } }`,
  'introspection that multiplies in fragments': `{ __schema { types { ...F0 } } } ${bomb(35, '__Type', 'fields { type { fields { type { fields { name } } } } }')}`,
  'prototype names as fields': `mutation { ${create()} __proto__ { id } constructor toString hasOwnProperty valueOf }`,
  'prototype names as arguments': '{ tasks(__proto__: 1, constructor: {}, toString: []) { totalCount } }',
  'prototype names as types': `mutation { ${create()} ... on __proto__ { a } ...F } fragment F on constructor { a }`,
  'prototype names as directives': `mutation { ${create('id @__proto__ @constructor @toString')} }`,
  'prototype names as types of variables': `mutation ($__proto__: toString, $constructor: __proto__) { ${create()} }`,
  'directives that are not known here': '{ me { ... @defer { id } } tasks { nodes @stream(initialCount: 1) { id } } }',
  '40 unused fragments': `mutation { ${create()} } ${times(40, (i) => `fragment F${i} on Task { id }`)}`,
  '100 unused variables': `mutation (${times(100, (i) => `$v${i}: Int`)}) { ${create()} }`,
  'types in the document': `mutation { ${create()} } type Query { a: Int } extend type Mutation { a: Int }`,
  'a subscription': 'subscription { tasks { nodes { id } } }',
};

export const unreadable = {
  'text without an end': `mutation { ${create()} login(input: { email: "${'x'.repeat(45_000)}`,
  'a block of text without an end': `mutation { ${create()} login(input: { email: """${`${' "'.repeat(20)}\n`.repeat(900)}`,
  'a document without an end': `mutation { ${create()} ${'... { a '.repeat(150)}`,
  'comments alone': '#\n'.repeat(900),
  'commas alone': ','.repeat(45_000),
  'letters that look like others': `mutation { ${create()} \uff43reateTask }`,
  'letters that run backwards': `mutation { \u202eksaTetaerc ${create()} }`,
  'a space without a width': `mutation {\u200b${create()} }`,
};

export const badValues = {
  'a list 220 deep': login(nest(220, '[', '', ']')),
  'an object 115 deep': login(nest(115, '{ a: ', '1', '}')),
  '80 bad values beside a list 110 deep': login(
    `{ email: ${nest(110, '[', '1', ']')}, password: "x", ${times(80, (i) => `k${i}: 1`)} }`,
  ),
  '450 bad values': `mutation { ${create()} completeTasks(input: { ids: [${'1.5 '.repeat(450)}] }) { tasks { id } } }`,
  'a number of 95,000 digits': `mutation { ${create()} updateTask(input: { id: "x", expectedVersion: ${'9'.repeat(45_000)} }) { task { id } } }`,
  'an exponent of 95,000 digits': login(`{ email: 1e${'9'.repeat(45_000)}, password: "x" }`),
  'a block of text of 40 kB for a number': `{ tasks(first: """${`${' '.repeat(40)}\n`.repeat(900)}""") { totalCount } }`,
  'prototype names as input fields': login('{ __proto__: {}, constructor: 1, email: "x", password: "x" }'),
  'prototype names as values of an enum':
    '{ tasks(orderBy: { field: __proto__, direction: constructor }) { totalCount } }',
};

const list = (items: number, item: string) => `[${Array.from({ length: items }, () => item).join()}]`;
const entries = (count: number) => Array.from({ length: count }, (_, i) => `"k${i}":1`).join();
const loginWith = 'mutation ($a: LoginInput!) { login(input: $a) { expiresIn } }';
const completeWith = `mutation ($a: [ID!]!) { ${create()} completeTasks(input: { ids: $a }) { tasks { id } } }`;

/** Documents with their variables, as JSON. */
export const badVariables = {
  'a list 40,000 deep': ['QUERY_TOO_COMPLEX', loginWith, `{"a":${nest(40_000, '[', '', ']')}}`],
  'an object 15,000 deep': ['QUERY_TOO_COMPLEX', loginWith, `{"a":${nest(15_000, '{"a":', '1', '}')}}`],
  'a deep list that is not asked for': ['QUERY_TOO_COMPLEX', '{ errorCodes }', `{"b":${nest(11, '[', '', ']')}}`],
  '30,000 values for one': ['QUERY_TOO_COMPLEX', loginWith, `{"a":${list(30_000, '1')}}`],
  '9,000 unknown fields': ['QUERY_TOO_COMPLEX', loginWith, `{"a":{${entries(9_000)}}}`],
  '2,400 unknown fields': ['BAD_USER_INPUT', loginWith, `{"a":{${entries(2_400)}}}`],
  'prototype names': ['BAD_USER_INPUT', loginWith, '{"a":{"constructor":1,"toString":1,"valueOf":null}}'],
} as const;

/** The same, for operations that are closed to anyone who is not signed in. */
export const badVariablesOfUsers = {
  '2,400 bad values': ['BAD_USER_INPUT', completeWith, `{"a":${list(2_400, '[]')}}`],
  '2,400 texts that cannot be stored': ['BAD_USER_INPUT', completeWith, `{"a":${list(2_400, '"\\u0000"')}}`],
  'a page in another type': [
    'BAD_USER_INPUT',
    'query ($first: Int) { tasks(first: $first) { totalCount } }',
    `{"first":1e${'9'.repeat(90_000)}}`,
  ],
} as const;
