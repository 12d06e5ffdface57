import { spawn } from 'node:child_process';
import { StartError } from '../../errors.ts';
import type { Account } from './account.ts';

// Nothing is inherited: a locale that the machine does not have, or a stray PGDATA, would stop or mislead the programs.
export const programEnvironment = { LC_ALL: 'C', TZ: 'UTC' };

/**
 * Runs one of PostgreSQL's programs to its end.
 * @throws StartError with what the program said
 */
export async function runProgram(program: string, args: string[], account: Account | null): Promise<void> {
  const child = spawn(program, args, {
    ...account,
    cwd: '/',
    // Ctrl-C in the terminal is for todoql alone, which lets this finish and then stops.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: programEnvironment,
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk;
  });
  const problem = await new Promise<string | null>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? null : said.trim()));
  });
  if (problem !== null) throw new StartError(`The local PostgreSQL cannot be set up: ${problem}`);
}
