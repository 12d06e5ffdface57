import { connect, type Socket } from 'node:net';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { useServer } from '../support/server.ts';

const server = useServer();

interface Ending {
  /** All that came back. */
  readonly text: string;
  /** From the connection to its end. */
  readonly seconds: number;
}

/** Opens a bare connection, lets `speak` use it, and waits until the server has closed it. */
function untilClosed(speak: (socket: Socket) => void): Promise<Ending> {
  const { hostname, port } = new URL(server.url);
  const { promise, resolve } = Promise.withResolvers<Ending>();
  const start = performance.now();
  let text = '';
  const socket = connect(Number(port), hostname, () => speak(socket));
  socket.on('data', (chunk) => {
    text += chunk;
  });
  // A byte that arrives after the end is answered with a reset: no failure here.
  socket.on('error', () => {});
  socket.on('close', () => resolve({ text, seconds: (performance.now() - start) / 1_000 }));
  return promise;
}

/** Sends `first`, then a byte at a time: never idle, never done. */
function trickling(first: string, byte: string): (socket: Socket) => void {
  return (socket) => {
    socket.write(first);
    const timer = setInterval(() => socket.write(byte), 250);
    socket.on('end', () => clearInterval(timer));
    socket.on('close', () => clearInterval(timer));
  };
}

function expectJsonError({ text }: Ending, status: string, message: string): void {
  const [head = '', body = ''] = text.split('\r\n\r\n');
  expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
  expect(head.toLowerCase()).toContain('content-type: application/json');
  expect(JSON.parse(body)).toEqual({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
}

const request = (...headers: string[]) =>
  `${['POST /graphql HTTP/1.1', 'Host: localhost', ...headers].join('\r\n')}\r\n`;

test.each([
  [
    'headers of more than 16 kB',
    `${request(`X: ${'x'.repeat(17_000)}`)}\r\n`,
    '431 Request Header Fields Too Large',
    'The headers are too large.',
  ],
  ['what is not HTTP', '\x16\x03\x01\x02\x00\x01\x00\xfc{}\r\n\r\n', '400 Bad Request', 'This is not an HTTP request.'],
  [
    'a body of two lengths',
    `${request('Content-Length: 2', 'Content-Length: 20')}\r\n{}`,
    '400 Bad Request',
    'This is not an HTTP request.',
  ],
  [
    'a body of a length and in chunks',
    `${request('Content-Length: 2', 'Transfer-Encoding: chunked')}\r\n{}`,
    '400 Bad Request',
    'This is not an HTTP request.',
  ],
])('%s: refused as JSON, and the connection is closed', async (_what, bytes, status, message) => {
  const ending = await untilClosed((socket) => socket.write(bytes, 'latin1'));
  expectJsonError(ending, status, message);
  expect(ending.text).toContain('\r\nCache-Control: private, no-store\r\n');
  expect(ending.seconds).toBeLessThan(4);
});

// These wait for the real limits, so they wait together: no more than vitest runs at once, five. What the clock says is
// bounded loosely: a connection is looked at once a second, and a busy machine is late.
describe.concurrent('what arrives too slowly is cut off, and other requests are served meanwhile:', () => {
  const late = 'The request took too long to arrive.';

  test('headers after 5 seconds, and a connection that never says anything', async ({ expect }) => {
    const [slow, silent] = await Promise.all([untilClosed(trickling(request('X: '), 'x')), untilClosed(() => {})]);
    expectJsonError(slow, '408 Request Timeout', late);
    for (const { seconds } of [slow, silent]) {
      expect(seconds).toBeGreaterThan(4);
      expect(seconds).toBeLessThan(9);
    }
  });

  test('a body after 10 seconds, whether its length was told or it comes in chunks', async ({ expect }) => {
    const body = (header: string) => `${request('Content-Type: application/json', header)}\r\n`;
    const endings = await Promise.all([
      untilClosed(trickling(body('Content-Length: 1000'), ' ')),
      untilClosed(trickling(body('Transfer-Encoding: chunked'), '1\r\n \r\n')),
    ]);
    for (const ending of endings) {
      expectJsonError(ending, '408 Request Timeout', late);
      expect(ending.seconds).toBeGreaterThan(9);
      expect(ending.seconds).toBeLessThan(15);
    }
  });

  test('but a connection that has been answered is kept longer than that for its next request', async ({ expect }) => {
    const ask = `${request()}\r\n`;
    const { text, seconds } = await untilClosed((socket) => {
      socket.write(ask);
      setTimeout(() => socket.end(ask), 12_000);
    });
    expect(text.match(/^HTTP\/1.1 400 Bad Request\r\n/gm), text).toHaveLength(2);
    expect(seconds).toBeGreaterThan(11);
  });

  test('a hundred of them hold up nobody', async ({ expect }) => {
    const user = await server.newUser();
    const id = await user.createTask();
    const endings = Array.from({ length: 100 }, () => untilClosed(trickling(request('X: '), 'x')));
    const all = Promise.all(endings);
    let isOver = false;
    void all.then(() => {
      isOver = true;
    });
    expect((await user.run('query ($id: ID!) { task(id: $id) { title } }', { id })).data.task.title).toBe('Buy milk');
    expect(isOver).toBe(false);
    expect((await all).filter(({ text }) => !text.startsWith('HTTP/1.1 408 '))).toEqual([]);
  });
});

describe.concurrent('a request that has to wait', () => {
  /** Holds the row of a task on a connection of its own while `work` runs. */
  async function whileLocked(id: string, work: () => Promise<void>): Promise<void> {
    const client = new pg.Client({ connectionString: server.databaseUrl });
    await client.connect();
    try {
      await client.query('begin');
      const { rowCount } = await client.query('select 1 from task where id = $1 for update', [id]);
      expect(rowCount).toBe(1);
      await work();
    } finally {
      await client.end();
    }
  }

  test('is told so after 10 seconds, and its later mutations do not start', async ({ expect }) => {
    const user = await server.newUser();
    const before = await user.createTask('Before');
    const id = await user.createTask('Locked');
    await whileLocked(id, async () => {
      const start = performance.now();
      // Each of the stuck ones waits for its lock for three seconds.
      const stuck = ['a', 'b', 'c', 'd', 'e', 'f'];
      const reply = await user.run(
        `mutation ($before: ID!, $id: ID!) {
          first: completeTask(input: { id: $before }) { task { completed } }
          ${stuck.map((alias) => `${alias}: updateTask(input: { id: $id, title: "Changed" }) { task { id } }`).join('\n')}
          later: createTask(input: { title: "Later" }) { task { id } }
          last: completeTask(input: { id: $id }) { task { id } }
        }`,
        { before, id },
      );
      const seconds = (performance.now() - start) / 1_000;
      expect(reply.status).toBe(200);
      const { first, ...others } = reply.partialData;
      expect(first).toEqual({ task: { completed: true } });
      expect(Object.values(others)).toEqual(Array(8).fill(null));
      const told = reply.errors.map(({ path, extensions }) => [path?.[0], extensions.code]);
      expect(told).toEqual([...stuck, 'later', 'last'].map((alias) => [alias, 'SERVICE_UNAVAILABLE']));
      expect(seconds).toBeGreaterThan(9);
      expect(seconds).toBeLessThan(15);
    });
    const { tasks } = (await user.run('{ tasks { nodes { title completed } } }')).data;
    expect(tasks.nodes).toEqual([
      { title: 'Locked', completed: false },
      { title: 'Before', completed: true },
    ]);
  });

  test.for([
    ['a transaction', 'updateTask(input: { id: $id, title: "Changed" }) { task { id } }'],
    ['a single statement', 'completeTask(input: { id: $id }) { task { id } }'],
  ])('waits for a lock for 3 seconds: %s', async ([, field], { expect }) => {
    const user = await server.newUser();
    const id = await user.createTask('Locked');
    await whileLocked(id, async () => {
      const start = performance.now();
      const { error } = await user.run(`mutation ($id: ID!) { ${field} }`, { id });
      expect(performance.now() - start).toBeLessThan(6_000);
      expect(error).toMatchObject({ extensions: { code: 'SERVICE_UNAVAILABLE', retryAfter: 1 } });
      expect(error.message).toContain('Another change to the same records');
    });
  });
});
