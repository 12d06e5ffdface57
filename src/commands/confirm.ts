import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import { StartError } from '../errors.ts';

/** Asks the operator to confirm, unless --yes was given. @param warning whole lines @throws StartError */
export async function confirm(warning: string, isAgreed: boolean): Promise<void> {
  if (isAgreed) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new StartError(`${warning}\nNothing was changed. Add --yes if that is what you want.`);
  }
  console.error(warning);
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D reject the question. If the terminal goes away, it would wait for ever.
  const closed = once(terminal, 'close').then(() => '');
  const answer = await Promise.race([terminal.question('Type yes to go on: ').catch(() => ''), closed]);
  terminal.close();
  if (answer.trim().toLowerCase() !== 'yes') throw new StartError('Nothing was changed.');
}
