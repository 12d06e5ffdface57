import { expect, test } from 'vitest';
import { showProgress } from '../../src/commands/progress.ts';

function shown(isTTY: boolean, steps: number[]): string {
  let text = '';
  const write = (part: string): void => {
    text += part;
  };
  const progress = showProgress(2_000, 'tasks', { isTTY, write });
  for (const step of steps) progress(step);
  return text;
}

test('anywhere but on a terminal, progress is a line for every tenth', () => {
  const every5Percent = Array.from({ length: 20 }, (_, index) => (index + 1) * 100);
  const lines = shown(false, every5Percent).split('\n');
  expect(lines).toHaveLength(11);
  expect(lines[0]).toBe('10 %, 200 of 2,000 tasks');
  expect(lines[9]).toBe('100 %, 2,000 of 2,000 tasks');
});

test('on a terminal, progress is one line that is drawn again, but not at every step', () => {
  const drawn = shown(true, [500, 501, 502, 2_000]);
  expect(drawn.split('\r')).toHaveLength(3);
  expect(drawn).toContain('\r███████░░░░░░░░░░░░░░░░░░░░░░░ 25 %, 500 of 2,000 tasks');
  expect(drawn).toMatch(/\r█{30} 100 %, 2,000 of 2,000 tasks[^\n]*\n$/);
});
