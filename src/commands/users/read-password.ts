import { isUtf8 } from 'node:buffer';
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { StartError } from '../../errors.ts';

/**
 * Reads a new password: from a terminal twice, without echo; else from standard input, without the end of its line. Never from
 * an argument, which other users of the machine can see, and which shells remember. @throws StartError
 */
export async function readPassword(): Promise<string> {
  const password = process.stdin.isTTY ? await askTwice() : await readInput();
  if (password === '') {
    throw new StartError('There is no password: type it in a terminal, or pipe it in. Nothing was changed.');
  }
  // bcrypt would ignore what follows NUL.
  if (/[\0\r\n]/.test(password)) throw new StartError('The password must be one line of text. Nothing was changed.');
  return password;
}

async function readInput(): Promise<string> {
  const bytes = await buffer(process.stdin);
  if (!isUtf8(bytes)) throw new StartError('The password is not in UTF-8. Nothing was changed.');
  return bytes.toString().replace(/\r?\n$/, '');
}

async function askTwice(): Promise<string> {
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true, historySize: 0 });
  const lines = terminal[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string> => {
    process.stderr.write(question);
    const { done, value } = await lines.next();
    process.stderr.write('\n');
    // Ctrl-C and Ctrl-D.
    if (done) throw new StartError('Nothing was changed.');
    return value;
  };
  try {
    const password = await ask('New password: ');
    if ((await ask('The same again: ')) !== password) throw new StartError('They differ. Nothing was changed.');
    return password;
  } finally {
    terminal.close();
  }
}
