// Checks all generated files, and names the command that updates them.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const checks = {
  'node dist/main.js schema --check': 'npm run schema',
  'mikro-orm migration:check': 'npx mikro-orm migration:create',
  'graphql-codegen --config docs/clients/codegen.ts --check --silent': 'npm run clients',
};
// The page may be left out.
if (existsSync('web')) checks['graphql-codegen --config web/codegen.ts --check --silent'] = 'npm run clients';

for (const [check, remedy] of Object.entries(checks)) {
  const { status } = spawnSync(check, { shell: true, stdio: 'inherit' });
  if (status === 0) continue;
  console.error(`This failed: ${check}\nTo bring up to date what it checks, run: ${remedy}\n`);
  process.exitCode = 1;
}
