#!/usr/bin/env node
// Checked before anything is imported: an older Node fails on the first modern name with a page of stack.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `This program needs Node.js 22.18 or newer, and this is ${process.version}. npm ci brings one: node_modules/.bin/node`,
  );
  process.exit(1);
}
try {
  process.cwd();
} catch {
  console.error('The working directory no longer exists. Change to one that does.');
  process.exit(1);
}
// Compiled code is kept beside the system's temporary files: the second start takes half as long.
const { enableCompileCache } = await import('node:module');
enableCompileCache();
const { run } = await import('./commands/run.ts');
process.exitCode = await run(process.argv.slice(2));

export {};
