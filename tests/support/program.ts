import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { test as base, expect, inject, vi } from 'vitest';
import { closeConnections } from './connections.ts';
import { createDatabase, databaseUrl, dropDatabase } from './databases.ts';

export const repository = join(import.meta.dirname, '../..');
export const mainFile = join(repository, 'dist/main.js');

type Environment = Readonly<Record<string, string>>;

/** How a program ended, with its output. */
export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Since the last signal that the test sent, or since the start. */
  readonly milliseconds: number;
}

// With the following character, so that a partial port number does not match.
const printedAddress = /http:\/\/127\.0\.0\.1:\d+(?=[/"])/;

/** A program that runs as in a user's terminal: in its own process group, without the environment of the tests. */
export class Program {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<Ending>;
  #since = performance.now();

  constructor(command: string, args: readonly string[], env: Environment, cwd: string) {
    const { PATH = '', HOME = '', TMPDIR = tmpdir() } = process.env;
    this.#child = spawn(command, args, {
      cwd,
      env: { PATH, HOME, TMPDIR, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child.stdout.on('data', (chunk: Buffer) => {
      this.stdout += chunk;
    });
    this.#child.stderr.on('data', (chunk: Buffer) => {
      this.stderr += chunk;
    });
    // "close" instead of "exit": it also waits for other processes with the program's output, such as children of npm.
    this.#ended = once(this.#child, 'close').then(([code, signal]) => {
      const milliseconds = performance.now() - this.#since;
      return { code, signal, stdout: this.stdout, stderr: this.stderr, milliseconds };
    });
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error('The program did not start.');
    return this.#child.pid;
  }

  /** Its URL, once it prints it. */
  url(): Promise<string> {
    const printed = new Promise<string>((resolve) => {
      const look = (): void => {
        const [address] = printedAddress.exec(this.stdout) ?? [];
        if (address) resolve(address);
      };
      this.#child.stdout.on('data', look);
      look();
    });
    const endedFirst = this.#ended.then(({ code }) => {
      throw new Error(`The program ended with code ${code} and never listened.\n${this}`);
    });
    return this.#within(60_000, Promise.race([printed, endedFirst]), 'did not listen');
  }

  ended(): Promise<Ending> {
    return this.#within(60_000, this.#ended, 'did not end');
  }

  /** Closes its output, so that it writes to broken pipes. */
  stopReading(): void {
    this.#child.stdout.destroy();
    this.#child.stderr.destroy();
  }

  /** Sends a signal to the program, but not to its children. */
  signal(signal: NodeJS.Signals): void {
    this.#since = performance.now();
    process.kill(this.pid, signal);
  }

  /** Like Ctrl-C: the terminal sends SIGINT to every process of the group. */
  interrupt(): void {
    this.#since = performance.now();
    process.kill(-this.pid, 'SIGINT');
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Ending> {
    this.signal(signal);
    return this.ended();
  }

  /** Ends the rest of the group, gently at first, so that it stops its PostgreSQL. */
  async remove(): Promise<void> {
    closeConnections();
    this.#signalGroup('SIGTERM');
    const impatience = setTimeout(() => this.#signalGroup('SIGKILL'), 15_000);
    await this.#ended;
    clearTimeout(impatience);
  }

  toString(): string {
    return `stdout: ${this.stdout}\nstderr: ${this.stderr}`;
  }

  #signalGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // No process is left.
    }
  }

  #within<Result>(milliseconds: number, promise: Promise<Result>, complaint: string): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    // Created here, so that its stack contains the line of the test.
    const error = new Error(`The program ${complaint} within ${milliseconds} ms.`);
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        error.message += `\n${this}`;
        reject(error);
      }, milliseconds);
    });
    return Promise.race([promise, tooLate]).finally(() => clearTimeout(timer));
  }
}

/**
 * `test` with an empty `folder`, `start` and `run` for dist/main.js in it (on any free port, with these variables and
 * arguments), the `settings` of a server on a database without rows, and `emptyDatabase`, where that has no tables either.
 * All of it is removed after the test.
 */
export const test = base
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  .extend('folder', async ({}, { onCleanup }) => {
    const folder = await makeFolder();
    onCleanup(() => removeFolder(folder));
    return folder;
  })
  .extend('launch', async ({ folder }, { onCleanup }) => {
    const programs: Program[] = [];
    onCleanup(async () => void (await Promise.all(programs.map((program) => program.remove()))));
    return (command: string, args: readonly string[], env: Environment = {}, cwd = folder) => {
      const program = new Program(command, args, env, cwd);
      programs.push(program);
      return program;
    };
  })
  .extend('start', ({ launch }) => (env: Environment = {}, ...args: string[]) => {
    // With the default cost, hashing would take most of the time of a sign-up.
    return launch(process.execPath, [mainFile, ...args], { PORT: '0', BCRYPT_COST: '10', ...env });
  })
  .extend(
    'run',
    ({ start }) =>
      (env: Environment = {}, ...args: string[]) =>
        start(env, ...args).ended(),
  )
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  .extend('settings', async ({}, { onCleanup }) => {
    const { name, settings } = await newDatabase(inject('template'));
    onCleanup(() => dropDatabase(inject('adminUrl'), name));
    return settings;
  })
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  .extend('emptyDatabase', async ({}, { onCleanup }) => {
    const { name, settings } = await newDatabase();
    onCleanup(() => dropDatabase(inject('adminUrl'), name));
    return settings;
  });

/** The same with an existing database in the folder, which the tests of a file share, one after another. */
export const testOnReadyFolder = test
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads what a fixture needs from this pattern
  .extend('readyFolder', { scope: 'file' }, async ({}, { onCleanup }) => {
    const folder = await makeFolder();
    onCleanup(() => removeFolder(folder));
    await new Program(process.execPath, [mainFile, 'migrate'], {}, folder).ended();
    return folder;
  })
  .extend('folder', async ({ readyFolder }, { onCleanup }) => {
    onCleanup(() => stopOrphan(readyFolder));
    return readyFolder;
  });

/** Expects that the program failed, with at most this many lines of errors, which contain all these words. */
export function expectRefusal(ending: Ending, lines: number, ...mentioned: string[]): void {
  expect(ending).toMatchObject({ code: 1, stdout: '' });
  expect(ending.stderr).not.toMatch(/^\s+at |node:internal/m);
  expect(ending.stderr.trim().split('\n').length, ending.stderr).toBeLessThanOrEqual(lines);
  for (const words of mentioned) expect(ending.stderr).toContain(words);
}

/** The process id of the PostgreSQL that runs in the folder's .data, or null. */
export async function postgresProcess(folder: string): Promise<number | null> {
  const file = await readFile(join(folder, '.data/postgres/postmaster.pid'), 'utf8').catch(() => '');
  return Number.parseInt(file, 10) || null;
}

export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

export function newSecret(): string {
  return randomBytes(48).toString('base64');
}

async function newDatabase(template?: string) {
  const adminUrl = inject('adminUrl');
  const name = await createDatabase(adminUrl, template);
  const settings = { DATABASE_URL: databaseUrl(adminUrl, name), JWT_SECRET: newSecret(), HOST: '127.0.0.1' };
  return { name, settings };
}

async function makeFolder(): Promise<string> {
  return mkdtemp(join(await realpath(tmpdir()), 'todoql-e2e-'));
}

async function removeFolder(folder: string): Promise<void> {
  await stopOrphan(folder);
  // For root, .data/postgres is a link.
  const cluster = await realpath(join(folder, '.data/postgres')).catch(() => null);
  if (cluster) await rm(cluster, { recursive: true });
  await rm(folder, { recursive: true });
}

/** Stops the PostgreSQL of a killed server, unless a later start of the test has done so. */
async function stopOrphan(folder: string): Promise<void> {
  const pid = await postgresProcess(folder);
  if (pid === null || !isAlive(pid)) return;
  process.kill(pid, 'SIGQUIT');
  // By the file instead of the process id: a zombie process keeps its id.
  await vi.waitFor(async () => expect(await postgresProcess(folder)).toBeNull(), { timeout: 60_000 });
}
