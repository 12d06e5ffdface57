import { MikroORM } from '@mikro-orm/postgresql';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { defaultLocation } from '../../src/database/location.ts';
import { ormOptions } from '../../src/database/orm.ts';
import { ownedEntities, retireGone } from '../../src/records/removal.ts';
import { Task } from '../../src/tasks/task.entity.ts';

// No connection is opened.
const metadata = new MikroORM(ormOptions('postgresql://127.0.0.1/none', 1, defaultLocation)).getMetadata();

test('what users own is removed after what refers to it', () => {
  const order = ownedEntities(metadata).map(({ className }) => className);
  expect(order.indexOf('Task')).toBeLessThan(order.indexOf('TaskList'));
  // A label may have a link to each task; a task takes at most 50 links with it.
  expect(order.indexOf('Task')).toBeLessThan(order.indexOf('Label'));
  expect(order.indexOf('RefreshToken')).toBeLessThan(order.indexOf('Session'));
  expect(new Set(order)).toEqual(
    new Set(['Task', 'TaskList', 'Label', 'RefreshToken', 'EmailToken', 'Session', 'SecurityEvent', 'RetiredId']),
  );
});

test('the ids of what goes with any entity can be retired, and an entity that cascades to itself is refused', () => {
  for (const entity of ownedEntities(metadata))
    expect(() => retireGone(metadata, entity.class, sql`null`)).not.toThrow();
  const { parent } = metadata.get(Task).properties;
  const rule = parent.deleteRule;
  Object.assign(parent, { deleteRule: 'cascade' });
  try {
    expect(() => retireGone(metadata, Task, sql`null`)).toThrow("Task must not cascade to itself: use 'no action'.");
  } finally {
    Object.assign(parent, { deleteRule: rule });
  }
});
