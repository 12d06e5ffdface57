import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** What `npm run build` does for the page and the IDE; nothing where they are up to date. */
export function buildSites(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../web/build.ts')], { stdio: 'inherit' });
}
