import { printSchema } from 'graphql';
import { expect, test } from 'vitest';
import { createRandom } from '../../src/commands/seed/random.ts';
import { createSchema } from '../../src/schema.ts';
import { purgeTrash } from '../../src/tasks/trash/purge-trash.ts';
import { idOf } from '../support/deletable-account.ts';
import { useJobsHere } from '../support/jobs-here.ts';
import { everythingOf, LocalCopy } from '../support/local-copy.ts';
import { changeAtRandom, changingMutations, noIds, sendChange } from '../support/random-changes.ts';
import { useServer } from '../support/server.ts';

// Two instances on one database.
const server = useServer();
const jobs = useJobsHere(server);

/** CHANGES_RUNS=3000 looks for rare orders of events. */
const runs = Number(process.env.CHANGES_RUNS ?? 30);

/** So many runs at once, each of another user. */
const atOnce = 3;

async function run(seed: number): Promise<void> {
  const random = createRandom(seed);
  const user = await server.newUser();
  const known = noIds();
  const [early, late, away] = [new LocalCopy(random), new LocalCopy(random), new LocalCopy(random)];
  await changeAtRandom(random, 12, known, (...operation) => sendChange(user, ...operation));
  // It returns when everything has changed.
  await away.sync(user);
  let isDone = false;
  const devices = [1, 2, 3].map((device) =>
    changeAtRandom(createRandom(seed * 10 + device), 12, known, (...operation) => sendChange(user, ...operation)),
  );
  const purging = async (): Promise<void> => {
    // Whatever is in the trash at that moment.
    await jobs.run(purgeTrash(0), [idOf(user)]);
  };
  const reading = async (): Promise<void> => {
    while (!isDone) await early.sync(user);
  };
  const read = reading();
  await Promise.all([devices[0], devices[1]?.then(purging), devices[2]?.then(() => late.sync(user))]).finally(() => {
    isDone = true;
  });
  await read;
  // A job tells of the removals.
  const emptied = 'select from "user" where id = $1 and trash_emptied_at is not null';
  await expect.poll(() => server.sql(emptied, [idOf(user)])).toEqual([]);
  const expected = await everythingOf(server.sql, idOf(user));
  for (const copy of [early, late, away]) {
    await copy.sync(user);
    expect(Object.fromEntries(copy.records), `seed ${seed}`).toEqual(Object.fromEntries(expected));
  }
}

test(`a client that applies every page holds what the server holds, in ${runs} runs`, { timeout: 0 }, async () => {
  const start = Math.floor(Math.random() * 1e6);
  for (let at = 0; at < runs; at += atOnce) {
    await Promise.all(Array.from({ length: Math.min(atOnce, runs - at) }, (_, index) => run(start + at + index)));
  }
});

test('the runs send every mutation that changes records', () => {
  const schema = createSchema({} as never);
  const names = Object.keys(schema.getMutationType()?.getFields() ?? {});
  const ofRecords = names.filter((name) => /(Task|Tasks|List|Label|Trash|updateMe)$/.test(name));
  expect(printSchema(schema)).toContain('changes(');
  expect([...changingMutations].sort()).toEqual(ofRecords.sort());
});
