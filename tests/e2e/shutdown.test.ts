import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished } from 'vitest';
import { Client, Reply } from '../support/client.ts';
import { PostgresProxy } from '../support/postgres-proxy.ts';
import { isAlive, mainFile, type Program, postgresProcess, testOnReadyFolder as test } from '../support/program.ts';

/** A local server that is up, with the process of its PostgreSQL. */
async function ready(program: Program, folder: string): Promise<{ url: string; postgres: number }> {
  const url = await program.url();
  const postgres = await postgresProcess(folder);
  expect(postgres).not.toBeNull();
  return { url, postgres: postgres ?? 0 };
}

/** Log-ins that the server has surely received, each some 0.2 s of bcrypt. */
async function startLoggingIn(url: string): Promise<{ replies: Promise<Reply[]> }> {
  const { email, password } = await Client.signUp(url);
  const query =
    'mutation ($email: String!, $password: String!) { login(input: { email: $email, password: $password }) { user { email } } }';
  const body = JSON.stringify({ query, variables: { email, password } });
  const sent = await Promise.all(Array.from({ length: 5 }, () => send(url, body)));
  return { replies: Promise.all(sent.map(({ reply }) => reply)) };
}

/** Resolves once the server has the request: it has asked for the body, which is on its way. */
async function send(url: string, body: string): Promise<{ reply: Promise<Reply> }> {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    expect: '100-continue',
  };
  const sending = request(`${url}/graphql`, { method: 'POST', headers });
  const reply = new Promise<IncomingMessage>((resolve, reject) =>
    sending.once('response', resolve).once('error', reject),
  ).then(async (response) => new Reply(body, response.statusCode ?? 0, new Headers(), await text(response)));
  // Looked at later; a failure must not count as unhandled until then.
  reply.catch(() => {});
  await once(sending, 'continue');
  await new Promise<void>((resolve) => sending.end(body, resolve));
  return { reply };
}

function expectLoggedIn(replies: readonly Reply[]): void {
  for (const reply of replies) expect(reply.data.login.user.email, String(reply)).toContain('@');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves once the server takes no new connections, and so has heard the signal. */
async function stopsListening(url: string): Promise<void> {
  const port = Number(new URL(url).port);
  const listens = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
  await expect.poll(listens, { interval: 5 }).toBe(false);
}

test.for(['SIGTERM', 'SIGINT'] as const)(
  'stops within 2 s of %s when idle, and its PostgreSQL with it',
  async (signal, { folder, start }) => {
    const program = start();
    const { postgres } = await ready(program, folder);
    const ending = await program.stop(signal);
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    expect(ending.stdout).toContain('\nStopping: ');
    expect(ending.milliseconds).toBeLessThan(2_000);
    // What PostgreSQL says if it has not been cut short.
    expect(await readFile(join(folder, '.data/postgres.log'), 'utf8')).toContain('database system is shut down');
    expect(await postgresProcess(folder)).toBeNull();
    expect(isAlive(postgres)).toBe(false);
  },
);

const body = '{"query":"{ errorCodes }"}';
const health = 'GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n';
const post = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;

test.for([
  ['a client keeps open for its next request', health],
  ['a browser holds in reserve, and that has carried nothing yet', ''],
] as const)('closes a connection that %s, while another request is still arriving', async ([, request], { start }) => {
  const program = start();
  const { port } = new URL(await program.url());
  const [idle, busy] = [connect(Number(port), '127.0.0.1'), connect(Number(port), '127.0.0.1')];
  onTestFinished(() => void [idle.destroy(), busy.destroy()]);
  await Promise.all([once(idle, 'connect'), once(busy, 'connect')]);
  if (request !== '') {
    idle.write(request);
    await once(idle, 'data');
  }
  busy.write(post);
  program.signal('SIGTERM');
  await text(idle);
  busy.write(body);
  expect(await text(busy)).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(await program.ended()).toMatchObject({ code: 0, stderr: '' });
});

test('ends when its PostgreSQL does, also where nobody reads any more what it has to say of that', async ({
  folder,
  start,
}) => {
  const program = start();
  const { postgres } = await ready(program, folder);
  program.stopReading();
  process.kill(postgres, 'SIGKILL');
  expect(await program.ended()).toMatchObject({ code: 1, signal: null });
});

test('answers, and stops in order, where nobody reads anything of what it says', async ({ folder, start }) => {
  const port = await freePort();
  const program = start({ PORT: String(port) });
  // Node.js forgives the first line that goes nowhere, which is that it is ready.
  program.stopReading();
  const url = `http://127.0.0.1:${port}`;
  await expect.poll(async () => (await fetch(`${url}/health`)).status).toBe(200);
  const { replies } = await startLoggingIn(url);
  program.signal('SIGTERM');
  expectLoggedIn(await replies);
  expect(await program.ended()).toMatchObject({ code: 0, signal: null });
  expect(await postgresProcess(folder)).toBeNull();
});

test('answers every request that it has received at SIGTERM, then ends', async ({ start, settings }) => {
  const program = start(settings);
  const { replies } = await startLoggingIn(await program.url());
  program.signal('SIGTERM');
  expectLoggedIn(await replies);
  expect(await program.ended()).toMatchObject({ code: 0, stderr: '' });
});

test('keeps its PostgreSQL until every request is answered that it has received at Ctrl-C', async ({
  folder,
  start,
}) => {
  const program = start();
  const { url, postgres } = await ready(program, folder);
  const { replies } = await startLoggingIn(url);
  program.interrupt();
  expectLoggedIn(await replies);
  expect(await program.ended()).toMatchObject({ code: 0, stderr: '' });
  expect(isAlive(postgres)).toBe(false);
});

// Under npm start, Ctrl-C comes twice: from the terminal and, passed on, from npm.
test('is not cut short by a second SIGINT while it answers', async ({ folder, start }) => {
  const program = start();
  const { url, postgres } = await ready(program, folder);
  const { replies } = await startLoggingIn(url);
  program.interrupt();
  // Soon: a second later, it would be another one.
  await expect.poll(() => program.stdout, { interval: 5 }).toContain('\nStopping: ');
  program.interrupt();
  expectLoggedIn(await replies);
  expect(await program.ended()).toMatchObject({ code: 0, stderr: '' });
  expect(isAlive(postgres)).toBe(false);
});

test('ends at once at a later signal, and its PostgreSQL with it', async ({ folder, start }) => {
  const program = start();
  const { url } = await ready(program, folder);
  // A request that never comes to its end.
  const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(post));
  onTestFinished(() => void socket.destroy());
  await once(socket, 'ready');
  program.signal('SIGTERM');
  await stopsListening(url);
  // Sooner, it would be the first one again.
  await delay(1_100);
  expect(isAlive(program.pid)).toBe(true);
  const ending = await program.stop('SIGINT');
  expect(ending).toMatchObject({ code: 1, stderr: '' });
  expect(ending.milliseconds).toBeLessThan(1_000);
  await expect.poll(() => postgresProcess(folder)).toBeNull();
});

test('a database that does not answer does not keep it from ending', async ({ start, settings }) => {
  const proxy = new PostgresProxy();
  onTestFinished(() => proxy.close());
  const program = start({ ...settings, DATABASE_URL: await proxy.to(settings.DATABASE_URL) });
  await Client.signUp(await program.url());
  proxy.silence(true);
  const ending = await program.stop();
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  expect(ending.milliseconds).toBeLessThan(15_000);
});

// A device that is always full, which macOS does not have.
test.skipIf(!existsSync('/dev/full'))('a full disk under its log does not end it', async ({ launch, settings }) => {
  const port = await freePort();
  const command = 'exec "$0" "$1" > /dev/full';
  const env = { ...settings, PORT: String(port), BCRYPT_COST: '10' };
  const program = launch('sh', ['-c', command, process.execPath, mainFile], env);
  const health = async () => (await fetch(`http://127.0.0.1:${port}/health`)).status;
  await expect.poll(() => health().catch(() => 0), { timeout: 60_000 }).toBe(200);
  // Through several attempts to write, of which there are four in a second.
  const end = performance.now() + 1_500;
  while (performance.now() < end) expect(await health()).toBe(200);
  expect(await program.stop()).toMatchObject({ code: 0, stderr: '' });
});
