import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Size, sessionId, userId } from './data.ts';
import { dataFolder } from './database.ts';
import { clientCores, pinned } from './machine.ts';
import { type Act, lanesOf, type Operation } from './operations.ts';
import { statements } from './sides/raw/statements.ts';

const run = promisify(execFile);
const seconds = 5;
// pgbench takes at most 128 scripts.
const scripts = 96;

/**
 * How many operations a second PostgreSQL itself does, by pgbench: the session and user, then the operation's own
 * statement, prepared. No side on it can do more.
 * @returns null where there is no pgbench, or nothing for it to do
 */
export async function measurePostgresAlone(url: string, operation: Operation, size: Size): Promise<number | null> {
  if (operation === 'L1' || operation === 'login' || operation === 'MIX') return null;
  const folder = join(dataFolder, 'pgbench');
  await mkdir(folder, { recursive: true });
  const files = await Promise.all(
    actsOf(operation, size).map(async (act, index) => {
      const file = join(folder, `${operation}-${index}.sql`);
      await writeFile(file, scriptOf(act));
      return file;
    }),
  );
  const options = ['-n', '-M', 'prepared', '-c', '16', '-j', '1', '-T', String(seconds)];
  const [program = '', ...args] = pinned(clientCores, [
    'pgbench',
    ...options,
    ...files.flatMap((file) => ['-f', file]),
  ]);
  try {
    const { stdout } = await run(program, [...args, url], { maxBuffer: 1 << 24 });
    return Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
  } catch (error) {
    console.warn(`pgbench is left out: ${(error as Error).message.split('\n').slice(0, 2).join(' ')}`);
    return null;
  }
}

function actsOf(operation: Operation, size: Size): Act[] {
  const acts = lanesOf(operation, size).flat();
  // Neighbours belong together: completing and reopening one task.
  return acts.slice(0, scripts);
}

function scriptOf({ user, step }: Act): string {
  const owner = userId(user);
  const viewer = inline(statements.viewer, [literal(owner), literal(sessionId(user))]);
  return `${viewer};\n${inline(...statementOf(owner, step))};\n`;
}

function statementOf(owner: string, step: Act['step']): [string, string[]] {
  switch (step.kind) {
    case 'page':
      return [statements.page, [literal(owner), '51']];
    case 'related':
      return [statements.related, [literal(owner), '21']];
    case 'create':
      return [statements.create, [literal(owner), 'uuidv7()', literal(step.title), literal(step.description), '2']];
    case 'labels':
    case 'login':
      throw new Error(`There is no statement for ${step.kind}.`);
    default:
      return [statements[step.kind], [literal(owner), literal(step.id)]];
  }
}

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const inline = (statement: string, values: readonly string[]): string =>
  statement.replaceAll(/\$(\d)/g, (_, number) => values[Number(number) - 1] ?? '').replaceAll(/\s*\n\s*/g, ' ');
