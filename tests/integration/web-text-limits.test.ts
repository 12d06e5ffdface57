import { randomUUID } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { lengthProblem, limits } from '../../web/src/forms/text-limits.ts';
import { Client, type Reply } from '../support/client.ts';
import { useServer } from '../support/server.ts';

const server = useServer();
let user: Client;
beforeAll(async () => {
  user = await Client.signUp(server.url);
});

const create = (what: string, input: string) =>
  `mutation ($text: String!) { create${what}(input: { ${input} }) { __typename } }`;

/** An operation that takes a text as this field does. */
const operations: Record<keyof typeof limits, string> = {
  title: create('Task', 'title: $text'),
  description: create('Task', 'title: "Paint", description: $text'),
  listName: create('List', 'name: $text'),
  labelName: create('Label', 'name: $text'),
  search: 'query ($text: String!) { tasks(filter: { search: $text }) { totalCount } }',
  email: `mutation ($text: String!) { signup(input: { email: $text, password: "correct horse" }) { __typename } }`,
  password: `mutation ($text: String!) {
    signup(input: { email: "${randomUUID()}@example.com", password: $text }) { __typename } }`,
};

const take = (field: keyof typeof limits, text: string): Promise<Reply> =>
  (field === 'email' || field === 'password' ? server.client() : user).run(operations[field], { text });

interface Case {
  readonly field: keyof typeof limits;
  readonly text: string;
  /** What the page says; null where the API takes it. */
  readonly excess: string | null;
}

const cases: readonly Case[] = [
  { field: 'title', text: 'a'.repeat(500), excess: null },
  { field: 'title', text: '😀'.repeat(500), excess: null },
  { field: 'title', text: `  ${'é'.repeat(500)}\n`, excess: null },
  { field: 'title', text: '😀'.repeat(501), excess: 'The title is too long: 1 character over the limit of 500.' },
  {
    field: 'title',
    text: 'é'.normalize('NFD').repeat(251),
    excess: 'The title is too long: 2 characters over the limit of 500.',
  },
  { field: 'description', text: '😀'.repeat(20_000), excess: null },
  {
    field: 'description',
    text: `${'a'.repeat(20_000)}  `,
    excess: 'The notes are too long: 2 characters over the limit of 20,000.',
  },
  {
    field: 'description',
    text: 'a'.repeat(21_500),
    excess: 'The notes are too long: 1,500 characters over the limit of 20,000.',
  },
  { field: 'listName', text: '😀'.repeat(200), excess: null },
  { field: 'listName', text: '😀'.repeat(203), excess: 'The name is too long: 3 characters over the limit of 200.' },
  { field: 'labelName', text: ` ${'😀'.repeat(100)} `, excess: null },
  { field: 'labelName', text: 'a'.repeat(101), excess: 'The name is too long: 1 character over the limit of 100.' },
  { field: 'search', text: '😀'.repeat(200), excess: null },
  {
    field: 'search',
    text: `${'a'.repeat(200)} `,
    excess: 'The search is too long: 1 character over the limit of 200.',
  },
  { field: 'password', text: `${'é'.repeat(34)}😀`, excess: null },
  {
    field: 'password',
    text: '😀'.repeat(19),
    excess: 'The password is too long: 4 bytes over the limit of 72. In bytes, é is 2 and 😀 is 4.',
  },
];

test.each(cases)('$field: the API takes what the page does, counted alike ($text.length code units)', async (one) => {
  const { field, text, excess } = one;
  expect(lengthProblem(text, limits[field])).toBe(excess);
  const reply = await take(field, text);
  if (excess === null) expect(reply.data).toBeTruthy();
  else expect(reply.fields).toEqual([expect.stringMatching(/ TOO_LONG$/)]);
});
