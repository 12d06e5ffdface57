import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { productName } from '../product-name.ts';

/** Of the clone or of the installed package: the same from src/ and from dist/. */
export const packageFolder = join(import.meta.dirname, '../..');

const isClone = existsSync(join(packageFolder, 'src'));

/** What a user types to run todoql, with the command where there is one. */
export function commandLine(command = ''): string {
  if (!isClone) return `npx ${productName} ${command}`.trimEnd();
  return command === '' ? 'npm start' : `npm start -- ${command}`;
}
