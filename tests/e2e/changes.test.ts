import { expect } from 'vitest';
import { createRandom } from '../../src/commands/seed/random.ts';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { idOf } from '../support/deletable-account.ts';
import { everythingOf, LocalCopy } from '../support/local-copy.ts';
import { test } from '../support/program.ts';
import { changeAtRandom, noIds, sendChange } from '../support/random-changes.ts';

test('a copy misses nothing of two instances, one of which is killed again and again', async ({ start, settings }) => {
  const seed = Math.floor(Math.random() * 1e6);
  const lasting = await start(settings).url();
  const user = await Client.signUp(lasting);
  const copy = new LocalCopy(createRandom(seed));
  const known = noIds();
  let isDone = false;
  const read = (async () => {
    while (!isDone) await copy.sync(user);
  })();
  const onLasting = changeAtRandom(createRandom(seed + 1), 60, known, (...call) => sendChange(user, ...call));
  for (const round of [2, 3]) {
    const program = start(settings);
    const elsewhere = new Client(await program.url(), user.token);
    let sent = 0;
    const onKilled = changeAtRandom(createRandom(seed + round), 25, known, async (...call) => {
      sent += 1;
      if (sent === 12) program.signal('SIGKILL');
      // Whether a change that got no answer was committed, nobody knows.
      await sendChange(elsewhere, ...call).catch((error: unknown) => {
        if (!(error instanceof TypeError)) throw error;
      });
    });
    await onKilled;
    expect(await program.ended()).toMatchObject({ signal: 'SIGKILL' });
  }
  await onLasting;
  isDone = true;
  await read;
  const sql = (text: string, values: unknown[]) => query(settings.DATABASE_URL, text, values);
  const emptied = 'select from "user" where id = $1 and trash_emptied_at is not null';
  await expect.poll(() => sql(emptied, [idOf(user)])).toEqual([]);
  const expected = await everythingOf(sql, idOf(user));
  await copy.sync(user);
  expect(Object.fromEntries(copy.records), `seed ${seed}`).toEqual(Object.fromEntries(expected));
});

test('new-epoch makes clients sync anew', async ({ start, run, settings }) => {
  const user = await Client.signUp(await start(settings).url());
  const changes = async (after: string | null) =>
    user.run('query ($after: String) { changes(after: $after) { cursor } }', { after });
  const { cursor } = (await changes(null)).data.changes;
  expect((await changes(cursor)).data.changes.cursor).toBe(cursor);
  expect(await run(settings, 'new-epoch')).toEqual(
    expect.objectContaining({ code: 0, stderr: '', stdout: 'Clients that keep a copy of their data sync it anew.\n' }),
  );
  expect((await changes(cursor)).code).toBe('CURSOR_EXPIRED');
});
