import { lookup } from 'node:dns/promises';
import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { type Ending, type Program, test } from '../support/program.ts';

const body = '{"query":"{ errorCodes }"}';
const post = `POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;

/** Milliseconds for which the program keeps idle connections when it stops. */
const grace = 1_000;

/** Requests that were not answered, why, and when they were sent; `answered` counts the others. */
interface Tally {
  answered: number;
  readonly lost: { readonly why: string; readonly sentAt: number }[];
}

/** Sends one request after the other until the server is gone, or has said that it closes the connection. */
async function keepAsking(url: string, keepAlive: boolean, tally: Tally): Promise<void> {
  const agent = new Agent({ keepAlive, maxSockets: 1 });
  const options = { method: 'POST', agent, headers: { 'content-type': 'application/json' } };
  for (;;) {
    let sentAt = Number.POSITIVE_INFINITY;
    try {
      const sending = request(`${url}/graphql`, options);
      sending.end(body, () => {
        sentAt = performance.now();
      });
      const [response] = (await once(sending, 'response')) as [IncomingMessage];
      expect(await text(response)).toContain('NOT_FOUND');
      tally.answered += 1;
      if (keepAlive && response.headers.connection === 'close') return;
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      // Never accepted, so that a load balancer tries elsewhere.
      if (code !== 'ECONNREFUSED') tally.lost.push({ why: code ?? message, sentAt });
      return;
    }
  }
}

async function open(port: string, address = '127.0.0.1'): Promise<Socket> {
  const socket = connect(Number(port), address);
  await once(socket, 'connect');
  return socket;
}

/** Everything that the server sends until it closes the connection. A reset is told at the end. */
async function received(socket: Socket): Promise<string> {
  return text(socket).catch((error: NodeJS.ErrnoException) => `${error.code}`);
}

/**
 * Sends SIGTERM, and resolves once connections are refused.
 * @returns a time at which they were still accepted: only from then on does the program count
 */
async function stopAccepting(program: Program, port: string): Promise<number> {
  let acceptedAt = performance.now();
  program.signal('SIGTERM');
  for (;;) {
    const openedAt = performance.now();
    const socket = await open(port).catch(() => null);
    if (!socket) return acceptedAt;
    socket.destroy();
    acceptedAt = openedAt;
    await delay(5);
  }
}

/** What is sent on each of a program's connections before the signal, and after it. */
interface Requests {
  readonly first: string;
  /** Milliseconds until `last` is sent, after connections are refused; null to send it with the signal. */
  readonly wait: number | null;
  readonly last: string;
}

/**
 * Stops a program under open connections. Where the machine holds this test up for longer than a program waits for
 * requests, that has shown nothing, and another one is started.
 * @returns what came back on each connection
 */
async function answersAtStop(
  start: () => Program,
  openAll: (port: string) => Promise<Socket[]>,
  { first, wait, last }: Requests,
): Promise<{ answers: string[]; ending: Ending }> {
  for (let tries = 0; tries < 10; tries += 1) {
    const program = start();
    const { port } = new URL(await program.url());
    const sockets = await openAll(port);
    const receiving = Promise.all(sockets.map(received));
    for (const socket of sockets) socket.write(first);
    const stopping = stopAccepting(program, port);
    if (wait !== null) await stopping.then(() => delay(wait));
    for (const socket of sockets) socket.write(last);
    const sentAt = performance.now();
    const isInGrace = first !== '' || sentAt < (await stopping) + grace;
    const answers = await receiving;
    const ending = await program.ended();
    if (isInGrace && !answers.some((answer) => answer.includes('HTTP/1.1 408 '))) return { answers, ending };
  }
  throw new Error('The machine is too busy for this test.');
}

test.for([
  ['one connection each', true],
  ['a new connection for each request', false],
] as const)(
  '40 busy clients, %s: no request that was accepted is lost at SIGTERM',
  async ([, keepAlive], { start, settings, expect }) => {
    const program = start(settings);
    const url = await program.url();
    const tally: Tally = { answered: 0, lost: [] };
    const clients = Array.from({ length: 40 }, () => keepAsking(url, keepAlive, tally));
    await expect.poll(() => tally.answered, { interval: 5 }).toBeGreaterThan(200);
    const acceptedAt = await stopAccepting(program, new URL(url).port);
    await Promise.all(clients);
    // What a busy machine holds up for longer than the program waits, it may lose.
    expect(tally.lost.filter(({ sentAt }) => sentAt < acceptedAt + grace)).toEqual([]);
    expect(await program.ended()).toMatchObject({ code: 0, stderr: '' });
  },
);

test.for([
  ['right at the signal', null, [post + body]],
  ['after others are refused', 0, [post + body]],
  ['of which a half was there at the signal', 0, [post.slice(0, 50), post.slice(50) + body]],
  // Longer than idle connections are kept.
  ['of which the headers were there at the signal', 1_500, [post, body]],
  ['of which there are three at once', null, [(post + body).repeat(3)]],
  ['of which there are three, with half of the last one later', 0, [(post + body).repeat(2) + post, body]],
] as const)(
  '100 open connections that bring a request %s are answered, and told to close',
  async ([, wait, parts], { start, settings, expect }) => {
    const [last = '', first = ''] = [...parts].reverse();
    const open100 = (port: string) => Promise.all(Array.from({ length: 100 }, () => open(port)));
    const { answers, ending } = await answersAtStop(() => start(settings), open100, { first, wait, last });
    const asked = parts.join('').split('POST').length - 1;
    for (const answer of answers) {
      expect(answer.match(/^HTTP\/1.1 200 OK\r\n/gm), answer.slice(0, 500)).toHaveLength(asked);
      // Before it has heard the signal, it keeps the connection.
      if (wait !== null) expect(answer.match(/^connection: close\r\n/gim)).toHaveLength(1);
    }
    expect(ending).toMatchObject({ code: 0, stderr: '' });
    // Less than it waits for answers.
    expect(ending.milliseconds).toBeLessThan(5_000);
  },
);

test('where HOST is localhost, both of its addresses are served to the end', async ({ start, settings, expect }) => {
  const addresses = (await lookup('localhost', { all: true })).map(({ address }) => address);
  const openEach = async (port: string): Promise<Socket[]> => {
    const opened = await Promise.allSettled(addresses.map((address) => open(port, address)));
    // Some machines have the name ::1, but no IPv6.
    return opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  };
  const startLocalhost = () => start({ ...settings, HOST: 'localhost' });
  const requests = { first: '', wait: 0, last: post + body };
  const { answers, ending } = await answersAtStop(startLocalhost, openEach, requests);
  expect(answers.length).toBeGreaterThan(0);
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n/);
  expect(ending).toMatchObject({ code: 0, stderr: '' });
});
