import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const secretBytes = 48;

/** The signing secret of local mode: 48 random bytes in base64, generated at the first start and kept in `dataDir`. */
export async function localSecret(dataDir: string): Promise<string> {
  const file = join(dataDir, 'jwt-secret');
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const kept = await readFile(file, 'utf8').catch(() => null);
  const isWhole = kept !== null && Buffer.from(kept, 'base64').length === secretBytes;
  return isWhole ? kept : makeSecret(file, kept !== null);
}

/** Renames the complete file, so that a killed start leaves no partial secret. Of two concurrent starts, the first wins. */
async function makeSecret(file: string, isDamaged: boolean): Promise<string> {
  const unfinished = `${file}.${randomUUID()}`;
  await writeFile(unfinished, randomBytes(secretBytes).toString('base64'), { mode: 0o600 });
  if (isDamaged) await rename(unfinished, file);
  else
    await link(unfinished, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  await rm(unfinished, { force: true });
  return readFile(file, 'utf8');
}
