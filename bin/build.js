// Builds what is not up to date, and prints what to type if it cannot.
// With --if-possible, an existing build is enough if the build tools are missing.
import './check-node.js';

const { buildAll } = await import('./builds.ts');
process.exitCode = await buildAll(process.argv.includes('--if-possible'));
