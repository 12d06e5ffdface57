import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { UserChanges } from '../../src/database/user-changes/user-changes.ts';
import { ChangeHints } from '../../src/live/change-hints.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { useServer } from '../support/server.ts';

const server = useServer({ maxSubscriptions: 0 });

/** An instance that changes and hears of changes. */
async function instance(schema = randomUUID()) {
  const heard: string[] = [];
  let change = (_userId: string): void => {};
  const changes = {
    onCommitted: (listener: (userId: string) => void) => {
      change = listener;
      return () => {};
    },
  };
  const hints = new ChangeHints(
    server.databaseUrl,
    schema,
    changes as UserChanges,
    (userId) => heard.push(userId),
    createLogger('silent'),
  );
  onTestFinished(() => hints.stop());
  expect(await hints.start()).toBe(true);
  return { heard, change: (userId: string) => change(userId) };
}

test('what one instance changes the others of the same schema hear, each user once, and itself not', async () => {
  const schema = randomUUID();
  const [one, other, foreign] = [await instance(schema), await instance(schema), await instance()];
  const ids = Array.from({ length: 450 }, () => randomUUID());
  for (const id of [...ids, ...ids]) one.change(id);
  await expect.poll(() => other.heard.length).toBe(450);
  expect([...other.heard].sort()).toEqual(ids.sort());
  other.change('back');
  await expect.poll(() => one.heard).toEqual(['back']);
  expect(foreign.heard).toEqual([]);
});

test('a connection that breaks is opened again', async () => {
  const schema = randomUUID();
  const [one, other] = [await instance(schema), await instance(schema)];
  const listening = `select pid from pg_stat_activity where datname = current_database() and query like '%pg_backend_pid() as pid'`;
  expect(await server.sql(listening)).toHaveLength(2);
  await server.sql(`select pg_terminate_backend(pid) from (${listening}) as broken`);
  await expect.poll(() => server.sql(listening)).toHaveLength(2);
  await expect
    .poll(() => {
      one.change('again');
      return other.heard.includes('again');
    })
    .toBe(true);
});
