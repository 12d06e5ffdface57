// Builds what is not up to date, and says what to type where it cannot.
// With --if-possible, it does without where what builds is missing and a build is there.
import './check-node.js';

const { buildAll } = await import('./builds.ts');
process.exitCode = await buildAll(process.argv.includes('--if-possible'));
