import { expect, test, vi } from 'vitest';
import { run } from '../../src/commands/run.ts';

test.for([
  ['migrate --chek', 'does not take "--chek"'],
  ['serve now', 'does not take "now"'],
  ['health now', 'does not take "now"'],
  ['import-users', 'needs a FILE'],
  ['import-users a.csv b.csv', 'does not take "b.csv"'],
  ['seed -x', 'does not take "-x"'],
  ['seed --users', 'missing or unexpected value for "--users"'],
  ['seed --users -1', 'missing or unexpected value for "--users"'],
  ['seed --users 0', 'takes a whole number from 1 to 1,000,000 as --users, not "0"'],
  ['seed --users 1 --tasks-per-user many', 'as --tasks-per-user, not "many"'],
  ['seed --tasks-per-user 5', 'needs --users with --tasks-per-user'],
  ['reset --yes=no', 'missing or unexpected value for "--yes"'],
] as const)('"%s" is refused: %s', async ([line, problem]) => {
  const error = vi.spyOn(console, 'error').mockReturnValue();
  try {
    expect(await run(line.split(' '))).toBe(1);
    const [message] = error.mock.lastCall ?? [];
    expect(message).toContain(`The command ${line.split(' ')[0]} `);
    expect(message).toContain(problem);
    expect(message).toMatch(/\nSee: npm start -- help$/);
  } finally {
    error.mockRestore();
  }
});
