import { createHmac } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Client, Reply } from '../support/client.ts';
import { testSecret, useServer } from '../support/server.ts';

const previousSecret = 'the previous one: 9sKq2vT7bXw4LmZ1';
const server = useServer({ jwtSecretPrevious: previousSecret });

const me = '{ me { email } }';

function claimsOf({ token }: Client): jwt.JwtPayload {
  return jwt.decode(token ?? '', { json: true }) ?? {};
}

function sign(claims: object, secret = testSecret, options: jwt.SignOptions = {}): string {
  return jwt.sign(claims, secret, { algorithm: 'HS256', ...options });
}

function expectRefused(reply: Reply): void {
  expect(reply.status, String(reply)).toBe(401);
  expect(reply.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"');
  expect(reply.code).toBe('UNAUTHENTICATED');
  expect(reply.text).not.toContain('"data"');
}

describe('an access token', () => {
  test('is an HS256 JWT with sub, email, sid, iat, exp, iss and aud that lives 7 days', async () => {
    const user = await server.newUser();
    const claims = claimsOf(user);
    expect(jwt.decode(user.token ?? '', { complete: true })?.header).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(Object.keys(claims).sort()).toEqual(['aud', 'email', 'exp', 'iat', 'iss', 'sid', 'sub']);
    expect(claims.email).toBe(user.email);
    expect(Number(claims.exp) - Number(claims.iat)).toBe(604_800);
    expect((await user.run('{ me { id } }')).data.me.id).toBe(claims.sub);
  });

  test('is refused after a change of any single character', async () => {
    const user = await server.newUser();
    const token = user.token ?? '';
    const changed = Array.from(token, (character, at) => {
      return token.slice(0, at) + (character === 'A' ? 'B' : 'A') + token.slice(at + 1);
    });
    const replies = await Promise.all(changed.map((other) => user.withToken(other).run(me)));
    for (const reply of replies) expectRefused(reply);
    expect((await user.run(me)).data.me.email).toBe(user.email);
  });

  test('signed with the previous secret is still good', async () => {
    const user = await server.newUser();
    const rotated = user.withToken(sign(claimsOf(user), previousSecret));
    expect((await rotated.run(me)).data.me.email).toBe(user.email);
  });

  const now = () => Math.floor(Date.now() / 1_000);
  const elsewhere = '01a1fd83-085f-7429-8acf-26a739617b03';
  test.each<[string, (claims: jwt.JwtPayload) => string]>([
    ['with another secret', (claims) => sign(claims, 'some other secret: Zx81QpLm47TyVb09')],
    ['with the key that its header names', (claims) => withOwnKey(claims)],
    ['with HS512', (claims) => sign(claims, testSecret, { algorithm: 'HS512' })],
    ['with alg none', (claims) => jwt.sign(claims, null, { algorithm: 'none' })],
    ['with alg none and a signature', (claims) => `${encode({ alg: 'none' })}.${encode(claims)}.${hmac('none')}`],
    ['without exp', ({ exp: _, ...claims }) => sign(claims)],
    ['with an exp that is text', (claims) => handMade({ ...claims, exp: '9999999999' })],
    ['that has expired', (claims) => sign({ ...claims, iat: now() - 20, exp: now() - 1 })],
    ['that is not valid yet', (claims) => sign({ ...claims, nbf: now() + 60 })],
    ['for another audience', (claims) => sign({ ...claims, aud: 'other' })],
    ['without an audience', ({ aud: _, ...claims }) => sign(claims)],
    ['of another issuer', (claims) => sign({ ...claims, iss: 'other' })],
    ['without an issuer', ({ iss: _, ...claims }) => sign(claims)],
    ['without sub', ({ sub: _, ...claims }) => sign(claims)],
    ['with an object as sub', (claims) => handMade({ ...claims, sub: { $ne: null } })],
    ['with a sub that is no UUID', (claims) => sign({ ...claims, sub: "' or true --" })],
    ['with a sub of nobody', (claims) => sign({ ...claims, sub: elsewhere })],
    ['without sid', ({ sid: _, ...claims }) => sign(claims)],
    ['with an array as sid', (claims) => handMade({ ...claims, sid: [claims.sid] })],
    ['with a sid that is no UUID', (claims) => sign({ ...claims, sid: '1' })],
    ['with a sid of nobody', (claims) => sign({ ...claims, sid: elsewhere })],
    ['whose payload is text', () => handMade('admin')],
  ])('%s is refused', async (_name, make) => {
    const user = await server.newUser();
    expectRefused(await user.withToken(make(claimsOf(user))).run(me));
  });

  test("with one user's sub and another's sid is refused", async () => {
    const [ada, grace] = await Promise.all([server.newUser(), server.newUser()]);
    expectRefused(await ada.withToken(sign({ ...claimsOf(ada), sid: claimsOf(grace).sid })).run(me));
    expectRefused(await ada.withToken(sign({ ...claimsOf(grace), sid: claimsOf(ada).sid })).run(me));
  });

  test('that was good expires all the same', async () => {
    const user = await server.newUser();
    const claims = claimsOf(user);
    const brief = user.withToken(sign({ ...claims, exp: now() + 60 }));
    expect((await brief.run(me)).status).toBe(200);
    const later = Date.now() + 61_000;
    vi.spyOn(Date, 'now').mockReturnValue(later);
    onTestFinished(() => void vi.restoreAllMocks());
    expectRefused(await brief.run(me));
  });

  test('of a deleted user is refused at the next request', async () => {
    const user = await server.newUser();
    await server.sql('delete from "user" where id = $1', [claimsOf(user).sub]);
    expectRefused(await user.run(me));
  });

  test('of a session past its end is refused, whatever the token says', async () => {
    const user = await server.newUser();
    await server.sql('update session set expires_at = now() where id = $1', [claimsOf(user).sid]);
    expectRefused(await user.run(me));
  });
});

describe('the Authorization header', () => {
  test.each(['bearer', 'BEARER', 'bEaReR'])('may spell its scheme %s', async (scheme) => {
    const user = await server.newUser();
    const reply = await server
      .client()
      .post(JSON.stringify({ query: me }), { authorization: `${scheme} ${user.token}` });
    expect(reply.data.me.email).toBe(user.email);
  });

  test.each<[string, (token: string) => string]>([
    ['no token', () => 'Bearer'],
    ['only spaces', () => 'Bearer   '],
    ['two tokens', (token) => `Bearer ${token} ${token}`],
    ['two tokens with a comma', (token) => `Bearer ${token}, ${token}`],
    ['no scheme', (token) => token],
    ['another scheme', (token) => `Basic ${token}`],
    ['a tab in between', (token) => `Bearer\t${token}`],
    ['rubbish', () => 'x'],
  ])('with %s is refused, also where the operation is open to anyone', async (_name, header) => {
    const user = await server.newUser();
    const body = JSON.stringify({ query: '{ errorCodes }' });
    expectRefused(await server.client().post(body, { authorization: header(user.token ?? '') }));
  });

  test('sent twice is refused', async () => {
    const user = await server.newUser();
    const status = await new Promise((resolve, reject) => {
      import('node:http').then(({ request }) => {
        const headers = ['Host', 'localhost', 'Content-Type', 'application/json'];
        const twice = ['Authorization', `Bearer ${user.token}`, 'Authorization', `Bearer ${user.token}`];
        request(`${server.url}/graphql`, { method: 'POST', headers: [...headers, ...twice] })
          .on('response', (response) => resolve(response.resume().statusCode))
          .on('error', reject)
          .end(JSON.stringify({ query: me }));
      }, reject);
    });
    expect(status).toBe(401);
  });
});

describe('an anonymous operation', () => {
  test.each([
    '{ me { id } }',
    '{ errorCodes me { id } }',
    '{ mine: me { id } }',
    '{ ... { me { id } } }',
    '{ ...F } fragment F on Query { ...G } fragment G on Query { me { id } }',
    '{ me @skip(if: true) { id } errorCodes }',
    'mutation { createTask(input: { title: "x" }) { task { id } } }',
    'mutation { login(input: { email: "x", password: "x" }) { accessToken } logout { success } }',
  ])('that names a closed root field is refused as a whole: %s', async (operation) => {
    const reply = await server.client().run(operation);
    expect(reply.status).toBe(401);
    expect(reply.headers.get('www-authenticate')).toBe('Bearer');
    expect(reply.code).toBe('UNAUTHENTICATED');
    expect(reply.text).not.toContain('"data"');
  });

  test('is served where it names none, even beside one that does', async () => {
    const query = 'query Open { errorCodes __typename } query Closed { me { id } }';
    const open = await server.client().post(JSON.stringify({ query, operationName: 'Open' }));
    expect(open.data.errorCodes).toContain('UNAUTHENTICATED');
    const closed = await server.client().post(JSON.stringify({ query, operationName: 'Closed' }));
    expect(closed.status).toBe(401);
  });
});

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function hmac(text: string): string {
  return createHmac('sha256', testSecret).update(text).digest('base64url');
}

/** Signed by a key that only the token's header names, in each way of RFC 7515 4.1. */
function withOwnKey(claims: object): string {
  const key = 'some other secret: Zx81QpLm47TyVb09';
  const jwk = { kty: 'oct', alg: 'HS256', k: Buffer.from(key).toString('base64url') };
  const [jku, x5u] = ['https://keys.example.com/jwks.json', 'https://keys.example.com/key.pem'];
  const content = `${encode({ alg: 'HS256', typ: 'JWT', kid: '1', jwk, jku, x5u })}.${encode(claims)}`;
  return `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`;
}

/** Signs what jsonwebtoken's own checks would refuse to sign. */
function handMade(claims: unknown): string {
  const content = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`;
  return `${content}.${hmac(content)}`;
}
