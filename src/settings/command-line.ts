import { existsSync } from 'node:fs';
import { join, sep } from 'node:path';
import { productName } from '../product-name.ts';

/** Of the clone or of the installed package: the same from src/ and from dist/. */
export const packageFolder = join(import.meta.dirname, '../..');

const program = programIn(packageFolder);

/** What a user types to run todoql, with the command where there is one. */
export function commandLine(command = ''): string {
  const separator = program === 'npm start' && command !== '' ? ' -- ' : ' ';
  return `${program}${separator}${command}`.trimEnd();
}

function programIn(folder: string): string {
  if (existsSync(join(folder, 'src'))) return 'npm start';
  // Elsewhere, as in an image, npx would look for a package of that name in the registry, which may be a stranger's.
  return folder.split(sep).includes('node_modules') ? `npx ${productName}` : 'node dist/main.js';
}
