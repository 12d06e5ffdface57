// What notices a forgotten owner. In a copy, each condition on the owner of rows is removed in turn, and the tests of isolation
// run: without row-level security one of them has to fail. For what survives, with it all of them have to pass.
//   npm run test:ownership -- src/tasks/trash     only conditions in these files and folders
import './check-node.js';
import { execSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Statements for a user are in these folders: those of log-ins and jobs belong to the service. */
const rooms = ['src/labels', 'src/lists', 'src/live', 'src/read', 'src/records', 'src/tasks', 'src/users'];

const tests = ['same-ids', 'same-ids-jobs', 'isolation', 'changes'].map((name) => `tests/integration/${name}.test.ts`);

const value = String.raw`\$\{(?:values\.owner|owner|(?:db\.)?viewer\.id|user|userId|id)\}`;
/** Each with what takes its place. */
const conditions = [
  [new RegExp(String.raw`(?:\w+\.|\$\{table\}\.)?user_id = ${value}`, 'g'), 'true'],
  [new RegExp(`(?<="user" where )id = ${value}`, 'g'), 'true'],
  [/\.where\('(?:\w+\.)?user_id', '=', [\w.]+\)/g, ''],
  [/\.where\('id', '=', owner\)/g, ''],
  // The filter of all entities, and the check when they are written.
  [/(?<=cond: \(\{ id \}\) => \()\{ user: id \}/g, '{}'],
];

const files = execSync('git ls-files -z', { encoding: 'utf8' }).split('\0').filter(Boolean);
const copy = mkdtempSync(join(tmpdir(), 'todoql-ownership-'));
for (const file of files) cpSync(file, join(copy, file));
symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));

/** Whether the tests pass in the copy. */
function passes(rowSecurity) {
  const env = { ...process.env, ROW_SECURITY: rowSecurity };
  return spawnSync('npx', ['vitest', 'run', '--bail', '1', ...tests], { cwd: copy, env }).status === 0;
}

function found(file) {
  const text = readFileSync(file, 'utf8');
  return conditions.flatMap(([pattern, replacement]) =>
    [...text.matchAll(pattern)].map(({ 0: condition, index }) => ({
      file,
      line: text.slice(0, index).split('\n').length,
      condition,
      without: text.slice(0, index) + replacement + text.slice(index + condition.length),
    })),
  );
}

const named = process.argv.slice(2);
const chosen = files.filter(
  (file) =>
    file.endsWith('.ts') &&
    rooms.some((room) => file.startsWith(`${room}/`)) &&
    (named.length === 0 || named.some((name) => file.startsWith(name))),
);
try {
  if (!passes('off')) throw new Error('The tests fail with every condition in place.');
  const all = chosen.flatMap(found);
  for (const [index, { file, line, condition, without }] of all.entries()) {
    writeFileSync(join(copy, file), without);
    const outcome = !passes('off')
      ? 'a test fails'
      : passes('on')
        ? 'survives the tests'
        : 'survives, and breaks with ROW_SECURITY=on';
    console.log(`${index + 1}/${all.length} ${outcome}: ${file}:${line} ${condition}`);
    cpSync(file, join(copy, file));
  }
} finally {
  rmSync(copy, { recursive: true });
}
