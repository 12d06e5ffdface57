// Updates the build and runs it with the same arguments, in this process, so that signals reach the server.
import './check-node.js';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

if (!existsSync(new URL('../node_modules/bcrypt', import.meta.url))) {
  console.error('The packages are not installed. Type: npm ci');
  process.exit(1);
}
const { isAllUpToDate } = await import('./builds.ts');
if (!isAllUpToDate()) await build();
await import(new URL('../dist/main.js', import.meta.url).href);

/** In another process, because the build tools use memory that the server would keep. */
async function build() {
  const program = fileURLToPath(new URL('build.js', import.meta.url));
  const child = spawn(process.execPath, [program, '--if-possible'], { stdio: 'inherit' });
  const pass = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  const [code] = await once(child, 'exit');
  for (const signal of signals) process.off(signal, pass);
  if (code !== 0) process.exit(code ?? 1);
}
