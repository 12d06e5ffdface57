import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { idOf } from '../support/deletable-account.ts';
import { useServer } from '../support/server.ts';

const server = useServer({ introspection: false });
const file = await readFile(join(import.meta.dirname, '../../schema.graphql'), 'utf8');
const path = '/schema.graphql';

function get(token: string | null, init: RequestInit = {}) {
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return fetch(server.url + path, { headers, ...init });
}

test('whoever is logged in gets the schema, where introspection is off too', async () => {
  const { token } = await server.newUser();
  for (let count = 0; count < 2; count++) {
    const response = await get(token);
    expect([response.status, response.headers.get('content-type')]).toEqual([
      200,
      'application/graphql; charset=utf-8',
    ]);
    expect(response.headers.get('cache-control')).toBe('private, no-store');
    // But for the comment at its start.
    expect(await response.text()).toBe(file.replace(/^#.*\n\n/, ''));
  }
  const head = await get(token, { method: 'HEAD', headers: { authorization: `Bearer ${token}` } });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('nobody else gets it, and everybody is answered in JSON', async () => {
  const user = await server.newUser();
  const disabled = await server.newUser();
  await server.sql('update "user" set disabled_at = now() where id = $1', [idOf(disabled)]);
  const left = await server.newUser();
  await left.run('mutation { logout { success } }');
  const refused: [what: string, token: string | null, challenge: string][] = [
    ['no token', null, 'Bearer'],
    ['not a token', 'x', 'Bearer error="invalid_token"'],
    ['half a token', user.token?.slice(0, -5) ?? '', 'Bearer error="invalid_token"'],
    ['a disabled account', disabled.token, 'Bearer error="invalid_token"'],
    ['a session that has ended', left.token, 'Bearer error="invalid_token"'],
  ];
  for (const [what, token, challenge] of refused) {
    const response = await get(token);
    const { errors, ...others } = (await response.json()) as { errors: { extensions: object }[] };
    const { status, headers } = response;
    expect([what, status, headers.get('www-authenticate')]).toEqual([what, 401, challenge]);
    expect(others).toEqual({});
    const extensions = { code: 'UNAUTHENTICATED', requestId: headers.get('x-request-id') };
    expect(errors).toEqual([{ message: expect.stringMatching(/^[A-Z].*\.$/), extensions }]);
    expect(headers.get('cache-control')).toBe('private, no-store');
  }
});

test('it takes no other method', async () => {
  const { token } = await server.newUser();
  const headers = { authorization: `Bearer ${token}` };
  for (const method of ['POST', 'PUT', 'DELETE']) {
    const response = await get(token, { method, headers });
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'GET']);
  }
});
