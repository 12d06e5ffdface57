import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { Client } from '../support/client.ts';
import { type TestServer, useServer } from '../support/server.ts';

const signup = `mutation ($email: String!) {
  signup(input: { email: $email, password: "correct horse" }) { accessToken user { sessions { nodes { ipAddress } } } }
}`;
const login = `mutation ($email: String!, $password: String!) {
  login(input: { email: $email, password: $password }) { accessToken }
}`;

/** Sends an operation with exactly these headers, where a list is one header several times, which fetch cannot send. */
async function send(server: TestServer, headers: OutgoingHttpHeaders, query: string, variables: object) {
  const sent = request(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  });
  sent.end(JSON.stringify({ query, variables }));
  const [response]: IncomingMessage[] = await once(sent, 'response');
  if (!response) throw new Error('Nothing was answered.');
  return JSON.parse(await text(response));
}

/** The address that the server takes a request with these headers to come from. */
async function seenAs(server: TestServer, headers: OutgoingHttpHeaders): Promise<string> {
  const email = `${randomUUID()}@example.com`;
  const { accessToken } = (await send(server, headers, signup, { email })).data.signup;
  const user = new Client(server.url, accessToken);
  const { me } = (await user.run('{ me { sessions { nodes { ipAddress } } securityEvents { nodes { ipAddress } } } }'))
    .data;
  const seen = [...me.sessions.nodes, ...me.securityEvents.nodes].map(({ ipAddress }) => ipAddress);
  expect(seen[1]).toBe(seen[0]);
  return seen[0];
}

describe('with no trusted proxy', () => {
  const server = useServer({ trustProxy: [], signUpsPerHour: 30 });

  test.each<OutgoingHttpHeaders>([
    { 'x-forwarded-for': '192.0.2.7' },
    { 'x-forwarded-for': ['192.0.2.7', '192.0.2.8'] },
    { 'x-forwarded-for': '192.0.2.7, 127.0.0.1' },
    { forwarded: 'for=192.0.2.7' },
    { 'x-real-ip': '192.0.2.7', 'cf-connecting-ip': '192.0.2.7', 'true-client-ip': '192.0.2.7' },
  ])('the address is that of the connection, whatever is forged: %j', async (headers) => {
    expect(await seenAs(server, headers)).toBe('127.0.0.1');
  });

  test('forged addresses have one budget of failed log-ins together', async () => {
    const email = `${randomUUID()}@example.com`;
    const guess = async (index: number) => {
      const headers = { 'x-forwarded-for': `192.0.2.${index}` };
      return (await send(server, headers, login, { email, password: 'wrong horse' })).errors[0].extensions.code;
    };
    for (let i = 0; i < 10; i++) expect(await guess(i)).toBe('INVALID_CREDENTIALS');
    expect(await guess(10)).toBe('RATE_LIMITED');
  });

  test('forged addresses have one budget of sign-ups together', async () => {
    const codes = [];
    for (let i = 0; i < 31; i++) {
      const headers = { 'x-forwarded-for': `192.0.2.${i}` };
      const { errors } = await send(server, headers, signup, { email: `${randomUUID()}@example.com` });
      codes.push(errors?.[0].extensions.code);
    }
    expect(codes.at(-1)).toBe('RATE_LIMITED');
    expect(await server.sql("select count from throttle where key like 'sign-up%'")).toEqual([{ count: 30 }]);
  });
});

describe('behind a trusted proxy', () => {
  const server = useServer({ trustProxy: ['loopback'], signUpsPerHour: 1_000 });
  const garbage = ['unknown', '_hidden', '192.0.2.7:4711', '[2001:db8::7]:4711', '192.0.2', '1.2.3.4.5', '-', "'; --"];

  test.each<[OutgoingHttpHeaders, string]>([
    [{}, '127.0.0.1'],
    [{ 'x-forwarded-for': '192.0.2.7' }, '192.0.2.7'],
    [{ 'x-forwarded-for': '2001:db8::7' }, '2001:db8::7'],
    [{ 'x-forwarded-for': '198.51.100.1, 198.51.100.2,192.0.2.7' }, '192.0.2.7'],
    [{ 'x-forwarded-for': '127.0.0.1, 192.0.2.7' }, '192.0.2.7'],
    [{ 'x-forwarded-for': '198.51.100.1, 192.0.2.7, 127.0.0.1, ::1, 127.9.9.9' }, '192.0.2.7'],
    [{ 'x-forwarded-for': ['198.51.100.1', '192.0.2.7'] }, '192.0.2.7'],
    [{ 'x-forwarded-for': ['198.51.100.1, 192.0.2.7', '127.0.0.1'] }, '192.0.2.7'],
    [{ 'x-forwarded-for': `${'198.51.100.1, '.repeat(900)}192.0.2.7` }, '192.0.2.7'],
    [{ 'x-forwarded-for': 'unknown, 192.0.2.7' }, '192.0.2.7'],
    [{ 'x-real-ip': '198.51.100.1', forwarded: 'for=198.51.100.1', 'x-forwarded-for': '192.0.2.7' }, '192.0.2.7'],
  ])('the address is the last one that is no proxy: %#', async (headers, address) => {
    expect(await seenAs(server, headers)).toBe(address);
  });

  test.each([...garbage, '1'.repeat(12_000), '198.51.100.1 '.repeat(900)])(
    'what is no address is that of the proxy: %#',
    async (forged) => {
      expect(await seenAs(server, { 'x-forwarded-for': forged })).toBe('127.0.0.1');
      expect(await seenAs(server, { 'x-forwarded-for': `192.0.2.7, ${forged}` })).toBe('127.0.0.1');
    },
  );

  test('the name of a network card, which may be of any length, is no part of an address', async () => {
    const seen = await seenAs(server, { 'x-forwarded-for': `fe80::1%${'a'.repeat(12_000)}` });
    // INET6_ADDRSTRLEN less its NUL.
    expect(seen.length).toBeLessThanOrEqual(45);
  });

  test('forged addresses to the left of the real one give no further try', async () => {
    const email = `${randomUUID()}@example.com`;
    const guess = async (forged: string, address: string) => {
      const headers = { 'x-forwarded-for': `${forged}, ${address}` };
      return (await send(server, headers, login, { email, password: 'wrong horse' })).errors[0].extensions.code;
    };
    for (let i = 0; i < 10; i++) expect(await guess(`198.51.100.${i}`, '192.0.2.99')).toBe('INVALID_CREDENTIALS');
    for (const forged of ['198.51.100.10', '127.0.0.1', ...garbage]) {
      expect(await guess(forged, '192.0.2.99')).toBe('RATE_LIMITED');
    }
    expect(await guess('192.0.2.99', '192.0.2.98')).toBe('INVALID_CREDENTIALS');
  });

  test('what is no address has the budget of the proxy, whatever it is', async () => {
    const email = `${randomUUID()}@example.com`;
    const codes = [];
    for (let i = 0; i < 11; i++) {
      const headers = { 'x-forwarded-for': `garbage-${i}` };
      const { errors } = await send(server, headers, login, { email, password: 'wrong horse' });
      codes.push(errors[0].extensions.code);
    }
    expect(codes).toEqual([...Array(10).fill('INVALID_CREDENTIALS'), 'RATE_LIMITED']);
  });
});

describe('with another proxy than the one that sends', () => {
  const server = useServer({ trustProxy: ['10.0.0.0/8', '192.168.1.5'] });

  test('the address is that of the connection', async () => {
    expect(await seenAs(server, { 'x-forwarded-for': '192.0.2.7' })).toBe('127.0.0.1');
  });
});

describe('behind a chain of trusted proxies', () => {
  const server = useServer({ trustProxy: ['loopback', '10.0.0.0/8', '2001:db8:1::/48'] });

  test.each([
    ['192.0.2.7, 10.1.2.3', '192.0.2.7'],
    ['198.51.100.1, 192.0.2.7, 2001:db8:1::9, 10.1.2.3', '192.0.2.7'],
    ['10.9.9.9, 192.0.2.7, 10.1.2.3', '192.0.2.7'],
    ['::ffff:192.0.2.7, ::ffff:10.1.2.3', '::ffff:192.0.2.7'],
    ['2001:db8:2::7, 2001:db8:1::9', '2001:db8:2::7'],
  ])('of %s, %s counts', async (forwarded, address) => {
    expect(await seenAs(server, { 'x-forwarded-for': forwarded })).toBe(address);
  });
});
