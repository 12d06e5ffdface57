import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { dataFolder } from './database.ts';
import { pinned, residentMebibytes, serverCores } from './machine.ts';
import type { Act } from './operations.ts';
import type { Side } from './sides.ts';
import { tokenOf } from './tokens.ts';

/** What the benchmark's own servers have in common. */
export interface World {
  readonly databaseUrl: string;
  readonly secret: string;
  readonly postgresPid: number;
  /** More of the environment than all sides have. */
  readonly env?: Readonly<Record<string, string>>;
  /** Of the server; one of its own unless given. */
  readonly cores?: string;
}

/** A side that runs. */
export interface Server {
  readonly side: Side;
  readonly url: string;
  readonly secret: string;
  readonly pid: number;
  readonly postgresPid: number;
  /** From spawn to the first answer. */
  readonly startMilliseconds: number;
  /** Memory right after the first answer. */
  readonly mebibytesAtRest: number;
  stop(): Promise<void>;
}

const startTimeout = 30_000;

/** Starts a side and waits until it answers a query. */
export async function startServer(side: Side, world: World, nodeOptions: readonly string[] = []): Promise<Server> {
  const port = await freePort();
  const logFile = join(dataFolder, `${side.name}.log`);
  const started = performance.now();
  const child = await spawnServer(side, port, world, logFile, nodeOptions);
  const url = `http://127.0.0.1:${port}`;
  try {
    await waitUntilItAnswers(child, side, url, world.secret);
  } catch (error) {
    child.kill('SIGKILL');
    throw new Error(`${side.name} did not start:\n${(await readFile(logFile, 'utf8')).slice(0, 2_000)}`, {
      cause: error,
    });
  }
  const startMilliseconds = Math.round(performance.now() - started);
  const pid = child.pid ?? 0;
  return {
    side,
    url,
    secret: world.secret,
    pid,
    postgresPid: world.postgresPid,
    startMilliseconds,
    mebibytesAtRest: residentMebibytes(pid),
    stop: () => stopChild(child),
  };
}

async function spawnServer(
  side: Side,
  port: number,
  world: World,
  logFile: string,
  nodeOptions: readonly string[],
): Promise<ChildProcess> {
  // Logs are written, as they would be, but nowhere: a disk would make them cost more on one machine than on another.
  const [nowhere, log] = await Promise.all([open('/dev/null', 'w'), open(logFile, 'w')]);
  const [program = '', ...args] = pinned(world.cores ?? serverCores, [
    ...side.command.slice(0, 1),
    ...nodeOptions,
    ...side.command.slice(1),
  ]);
  const child = spawn(program, args, {
    cwd: dataFolder,
    stdio: ['ignore', nowhere.fd, log.fd],
    env: {
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      DATABASE_URL: world.databaseUrl,
      JWT_SECRET: world.secret,
      ...side.env,
      ...world.env,
    },
  });
  await once(child, 'spawn');
  // However this process ends, nothing that it started outlives it.
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
  await Promise.all([nowhere.close(), log.close()]);
  return child;
}

async function waitUntilItAnswers(child: ChildProcess, side: Side, url: string, secret: string): Promise<void> {
  const deadline = performance.now() + startTimeout;
  const act: Act = { user: 0, step: { kind: 'page' } };
  for (;;) {
    const answer = await ask(url, side, tokenOf(secret, act.user), act.step).catch((error: unknown) => error);
    if (answer !== null && !(answer instanceof Error)) return;
    if (child.exitCode !== null || performance.now() > deadline) throw answer ?? new Error('It refuses to answer.');
    await delay(5);
  }
}

/** Sends one step and reads the answer as every side's are compared. */
export async function ask(url: string, side: Side, token: string, step: Act['step']): Promise<object | null> {
  const { method, path, headers, body } = prepare(side, token, step);
  const signal = AbortSignal.timeout(10_000);
  const response = await fetch(url + path, { method, headers, body, signal });
  return side.dialect.read(step, { status: response.status, body: await response.json() });
}

/** A request that only needs to be sent. */
export interface Prepared {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string | null;
}

/** Puts a step in the words of a side. */
export function prepare(side: Side, token: string, step: Act['step']): Prepared {
  const { method, path, body } = side.dialect.call(step);
  const headers: Record<string, string> = {};
  if (step.kind !== 'login') headers.authorization = `Bearer ${token}`;
  if (body) headers['content-type'] = 'application/json';
  return { method, path, headers, body: body && JSON.stringify(body) };
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const impatience = setTimeout(() => child.kill('SIGKILL'), 3_000);
  await ended;
  clearTimeout(impatience);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('A TCP server has a numeric port.');
  return address.port;
}
