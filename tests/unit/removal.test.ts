import { MikroORM } from '@mikro-orm/postgresql';
import { expect, test } from 'vitest';
import { defaultLocation } from '../../src/database/location.ts';
import { ormOptions } from '../../src/database/orm.ts';
import { ownedEntities } from '../../src/records/removal.ts';

// No connection is opened.
const metadata = new MikroORM(ormOptions('postgresql://127.0.0.1/none', 1, defaultLocation)).getMetadata();

test('what users own is removed after what refers to it', () => {
  const order = ownedEntities(metadata).map(({ className }) => className);
  expect(order.indexOf('Task')).toBeLessThan(order.indexOf('TaskList'));
  // A label may have a link to each task; a task takes at most 50 links with it.
  expect(order.indexOf('Task')).toBeLessThan(order.indexOf('Label'));
  expect(order.indexOf('RefreshToken')).toBeLessThan(order.indexOf('Session'));
  expect(new Set(order)).toEqual(
    new Set(['Task', 'TaskList', 'Label', 'RefreshToken', 'Session', 'SecurityEvent', 'RetiredId']),
  );
});
