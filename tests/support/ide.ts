import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What `npm run build` does for the IDE; nothing where it is up to date. */
export function buildIde(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../web/build.ts')], { stdio: 'inherit' });
}
