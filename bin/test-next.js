// What upgrading would break. In a copy: the newest minor versions of all dependencies, then the types and the tests.
// What is named is installed too, even if other packages do not accept it yet: npm run test:next -- graphql@17
import './check-node.js';
import { execSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const named = process.argv.slice(2);
const copy = mkdtempSync(join(tmpdir(), 'todoql-next-'));
const files = execSync('git ls-files -z', { encoding: 'utf8' }).split('\0').filter(Boolean);
for (const file of files) cpSync(file, join(copy, file));
rmSync(join(copy, 'package-lock.json'));
for (const file of files.filter((name) => /^(web\/|web\/ide\/|)package\.json$/.test(name))) {
  const exact = readFileSync(file, 'utf8');
  writeFileSync(
    join(copy, file),
    // kysely has to be the very version that MikroORM depends on.
    exact.replaceAll(/(?<="(?!version|kysely).+": ")(?=\d[^"]*",?$)/gm, '^'),
  );
}

const steps = [
  // By force: packages that need each other are not always published together.
  'npm install --no-audit --force',
  ...(named.length > 0 ? [`npm install --no-audit --force ${named.join(' ')}`] : []),
  'npm run types',
  'npm test',
];
try {
  const failed = steps.filter((step) => spawnSync(step, { cwd: copy, shell: true, stdio: 'inherit' }).status !== 0);
  for (const step of failed) console.error(`This failed: ${step}`);
  process.exitCode = failed.length;
} finally {
  rmSync(copy, { recursive: true });
}
