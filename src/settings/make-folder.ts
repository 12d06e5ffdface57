import { existsSync } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Makes a folder, and those above it. Unlike mkdir's `recursive`, it also returns where a folder can hold none, as /proc.
 * @returns the topmost folder that it made; undefined if the folder was there
 */
export async function makeFolder(folder: string, mode?: number): Promise<string | undefined> {
  const above = dirname(folder);
  const topmost = existsSync(above) ? undefined : await makeFolder(above, mode);
  try {
    await mkdir(folder, { mode });
  } catch (error) {
    if ((await stat(folder).catch(() => null))?.isDirectory()) return topmost;
    throw error;
  }
  return topmost ?? folder;
}
