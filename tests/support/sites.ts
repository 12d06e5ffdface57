import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds the sites like `npm run build`, unless they are up to date. */
export function buildSites(): void {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../bin/build.js')], { stdio: 'inherit' });
}
