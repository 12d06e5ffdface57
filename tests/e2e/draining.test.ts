import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, vi } from 'vitest';
import { type Program, test } from '../support/program.ts';

const body = '{"query":"{ errorCodes }"}';
const post = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;

/** Requests that were sent and not answered, and why; `answered` counts the others. */
interface Tally {
  answered: number;
  readonly lost: string[];
}

/** Sends one request after the other until the server is gone, or has said that it closes the connection. */
async function keepAsking(url: string, keepAlive: boolean, tally: Tally): Promise<void> {
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  const options = { method: 'POST', agent, headers: { 'content-type': 'application/json' } };
  for (;;) {
    try {
      const sending = request(`${url}/graphql`, options);
      sending.end(body);
      const [response] = (await once(sending, 'response')) as [IncomingMessage];
      expect(await text(response)).toContain('NOT_FOUND');
      tally.answered += 1;
      if (keepAlive && response.headers.connection === 'close') return;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // Never accepted, so that a load balancer tries elsewhere.
      if (code !== 'ECONNREFUSED') tally.lost.push(code ?? message);
      return;
    }
  }
}

async function open(port: number, address = '127.0.0.1'): Promise<Socket> {
  const socket = connect(port, address);
  await once(socket, 'connect');
  return socket;
}

/** Everything that the server sends until it closes the connection. A reset is told at the end. */
async function received(socket: Socket): Promise<string> {
  return text(socket).catch((error: NodeJS.ErrnoException) => `${error.code}`);
}

async function saysThatItStops(program: Program): Promise<void> {
  await vi.waitFor(() => expect(program.stdout).toContain('"msg":"stopping'), { interval: 1, timeout: 10_000 });
}

test.concurrent.for([
  ['one connection each', true],
  ['a new connection for each request', false],
] as const)(
  '40 busy clients, %s: no request that was accepted is lost at SIGTERM',
  async ([, keepAlive], { start, settings, expect }) => {
    const program = start(settings);
    const url = await program.url();
    const tally: Tally = { answered: 0, lost: [] };
    const clients = Array.from({ length: 40 }, () => keepAsking(url, keepAlive, tally));
    await vi.waitFor(() => expect(tally.answered).toBeGreaterThan(200), { interval: 5, timeout: 10_000 });
    program.signal('SIGTERM');
    await Promise.all(clients);
    expect(tally.lost).toEqual([]);
    expect(await program.ended()).toMatchObject({ code: 0, stderr: '' });
  },
);

test.concurrent.for([
  ['right at the signal', null, [post + body]],
  ['a moment later', 200, [post + body]],
  ['of which a half was there at the signal', 200, [post.slice(0, 50), post.slice(50) + body]],
  // Longer than the second for which idle connections are kept; the others stay well within it, on a busy machine too.
  ['of which the headers were there at the signal', 1_500, [post, body]],
  ['of which there are three at once', null, [(post + body).repeat(3)]],
  ['of which there are three, with half of the last one later', 200, [(post + body).repeat(2) + post, body]],
] as const)(
  '100 open connections that bring a request %s are answered, and told to close',
  async ([, wait, parts], { start, settings, expect }) => {
    const program = start(settings);
    const { port } = new URL(await program.url());
    const sockets = await Promise.all(Array.from({ length: 100 }, () => open(Number(port))));
    const answers = sockets.map(received);
    const [last = '', first = ''] = [...parts].reverse();
    for (const socket of sockets) socket.write(first);
    program.signal('SIGTERM');
    if (wait !== null) {
      await saysThatItStops(program);
      await delay(wait);
    }
    for (const socket of sockets) socket.write(last);
    const asked = parts.join('').split('POST').length - 1;
    for (const answer of await Promise.all(answers)) {
      expect(answer.match(/^HTTP\/1.1 200 OK\r\n/gm), answer.slice(0, 500)).toHaveLength(asked);
      // Before it has heard the signal, it keeps the connection.
      if (wait !== null) expect(answer.match(/^connection: close\r\n/gim)).toHaveLength(1);
    }
    const ending = await program.ended();
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    expect(ending.milliseconds).toBeLessThan(5_000);
  },
);

test.concurrent('where HOST is localhost, both of its addresses are served to the end', async ({
  start,
  settings,
  expect,
}) => {
  const program = start({ ...settings, HOST: 'localhost' });
  const { port } = new URL(await program.url());
  const addresses = (await lookup('localhost', { all: true })).map(({ address }) => address);
  const opened = await Promise.allSettled(addresses.map((address) => open(Number(port), address)));
  // Some machines have the name ::1, but no IPv6.
  const sockets = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  expect(sockets.length).toBeGreaterThan(0);
  const answers = sockets.map(received);
  program.signal('SIGTERM');
  await saysThatItStops(program);
  for (const socket of sockets) socket.write(post + body);
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(await program.ended()).toMatchObject({ code: 0, stderr: '' });
});
