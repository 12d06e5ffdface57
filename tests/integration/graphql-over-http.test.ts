import { auditServer } from 'graphql-http';
import { expect, test } from 'vitest';
import { useServer } from '../support/server.ts';

const server = useServer();

// What is recommended (SHOULD, MAY) and done otherwise here, on purpose: what was not executed is a 4xx for every client,
// and a GET without a header that a foreign page cannot send is refused, as cross-site request forgery may look like it.
const known = new Set([
  '572B SHOULD use 200 status code on document parsing failure when accepting application/json',
  '5A70 MAY accept application/x-www-form-urlencoded formatted GET requests',
  '6A70 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
  '7B9B SHOULD use a status code of 200 on variable coercion failure when accepting application/json',
  'D6D5 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
  'FDE2 SHOULD use 200 status code on document validation failure when accepting application/json',
]);

test('no audit of GraphQL over HTTP fails, and the recommendations not followed are known ones', async () => {
  const results = await auditServer({ url: `${server.url}/graphql` });
  const remarks = results.filter(({ status }) => status !== 'ok');
  expect(results.length).toBeGreaterThan(50);
  expect(remarks.filter(({ status }) => status === 'error').map(({ name }) => name)).toEqual([]);
  expect(new Set(remarks.map(({ id, name }) => `${id} ${name}`))).toEqual(known);
});
