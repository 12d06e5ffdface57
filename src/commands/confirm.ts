import { createInterface } from 'node:readline/promises';
import { StartError } from '../errors.ts';

/** Goes on where the operator agrees: by --yes, or by typing yes. @param warning whole lines @throws StartError */
export async function confirm(warning: string, isAgreed: boolean): Promise<void> {
  if (isAgreed) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new StartError(`${warning}\nNothing was changed. Add --yes if that is what you want.`);
  }
  console.error(warning);
  if ((await ask('Type yes to go on: ')) !== 'yes') throw new StartError('Nothing was changed.');
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl-C and Ctrl-D close the terminal, and the question alone would wait for ever.
  const closed = new Promise<string>((resolve) => {
    terminal.once('close', () => resolve(''));
  });
  const answer = await Promise.race([terminal.question(question), closed]);
  terminal.close();
  return answer.trim().toLowerCase();
}
