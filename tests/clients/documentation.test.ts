import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  buildSchema,
  extendSchema,
  NoUndefinedVariablesRule,
  NoUnusedFragmentsRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { expect, test } from 'vitest';

const docs = join(import.meta.dirname, '../../docs');
const page = await readFile(join(docs, 'clients.md'), 'utf8');
/** File and text of each code block that names one. */
const blocks = new Map(
  [...page.matchAll(/^```\w+ file=(\S+)\n(.*?)^```$/gms)].map(([, file = '', text = '']) => [file, text]),
);

test('docs/clients.md shows every file of docs/clients', async () => {
  const entries = await readdir(join(docs, 'clients'), { withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => `clients/${name}`);
  expect([...blocks.keys()].sort()).toEqual(files.sort());
});

test.for([...blocks])('docs/clients.md shows %s as the tests run it', async ([file, text]) => {
  expect(text).toBe(await readFile(join(docs, file), 'utf8'));
});

/** As relay-compiler declares them. It has variables of fragments too, which are no part of the language. */
const relay = `
  scalar AnyLiteral
  directive @refetchable(queryName: String!) on FRAGMENT_DEFINITION
  directive @argumentDefinitions(count: AnyLiteral, cursor: AnyLiteral) on FRAGMENT_DEFINITION
  directive @connection(key: String!) on FIELD
  directive @prependNode(connections: [ID!]!, edgeTypeName: String!) on FIELD
  directive @deleteEdge(connections: [ID!]!) on FIELD
`;

test('the schema has what the documents for gql.tada and Relay ask for', async () => {
  const schema = buildSchema(await readFile(join(docs, '../schema.graphql'), 'utf8'));
  const documents = [...page.matchAll(/ = graphql\(?`(.*?)`/gs)].map(([, text = '']) => text);
  expect(documents).toHaveLength(4);
  const rules = specifiedRules.filter((rule) => rule !== NoUndefinedVariablesRule && rule !== NoUnusedFragmentsRule);
  const errors = documents.flatMap((text) => validate(extendSchema(schema, parse(relay)), parse(text), rules));
  expect(errors).toEqual([]);
});
