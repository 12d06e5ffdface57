import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { StartError } from '../../errors.ts';
import type { Account } from './account.ts';

/** Options for starting PostgreSQL's programs. */
export const programOptions = {
  cwd: '/',
  // In a process group of its own, so that Ctrl-C in the terminal stops only todoql, which still drains its requests.
  detached: true,
  // Without the rest of the environment: a missing locale or a stray PGDATA would stop or mislead the programs.
  env: { LC_ALL: 'C', TZ: 'UTC' },
};

/** Runs one of PostgreSQL's programs to its end. @throws StartError with its error output */
export async function runProgram(program: string, args: string[], account: Account | null): Promise<void> {
  const child = spawn(program, args, { ...programOptions, ...account, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
    if (code !== 0) throw new Error(output.trim());
  } catch (error) {
    throw new StartError(`The local PostgreSQL cannot be set up: ${(error as Error).message}`);
  }
}
