import { expect, test } from 'vitest';
import { kindOf } from '../../src/errors.ts';

test.each([
  ['Task', 'task'],
  ['TaskList', 'list'],
  ['TaskTemplate', 'task template'],
  ['SecurityEvent', 'security event'],
])('messages call a %s a %s', (entity, kind) => {
  expect(kindOf(entity)).toBe(kind);
});
