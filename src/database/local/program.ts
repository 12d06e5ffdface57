import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { StartError } from '../../errors.ts';
import type { Account } from './account.ts';

/** How all of PostgreSQL's programs are started. */
export const programOptions = {
  cwd: '/',
  // A process group of its own: Ctrl-C in the terminal is for todoql alone, and must not stop the database under requests
  // that are being drained.
  detached: true,
  // Nothing is inherited: a locale that the machine does not have, or a stray PGDATA, would stop or mislead the programs.
  env: { LC_ALL: 'C', TZ: 'UTC' },
};

/** Runs one of PostgreSQL's programs to its end. @throws StartError with what the program said */
export async function runProgram(program: string, args: string[], account: Account | null): Promise<void> {
  const child = spawn(program, args, { ...programOptions, ...account, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    if (code !== 0) throw new Error(said.trim());
  } catch (error) {
    throw new StartError(`The local PostgreSQL cannot be set up: ${(error as Error).message}`);
  }
}
