// Imported first, and in old syntax: otherwise an old Node.js would fail with a long stack trace.
import { existsSync } from 'node:fs';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  const isSkipped = existsSync(new URL('../node_modules/node', import.meta.url));
  console.error(
    `This program needs Node.js 22.18 or newer, and this is ${process.version}. ${
      isSkipped ? 'The one in node_modules is not set up: install scripts were skipped.' : 'npm installs one.'
    } Type: npm ci${isSkipped ? ' --ignore-scripts=false' : ''}`,
  );
  process.exit(1);
}
