import { v7 as uuidv7 } from 'uuid';
import { expect, onTestFinished, test } from 'vitest';
import { find } from '../../docs/clients/errors.ts';
import { connect } from '../../docs/clients/fetch.ts';
import {
  CompleteTaskDocument,
  CreateTaskDocument,
  DeleteTaskDocument,
  UpdateTaskDocument,
} from '../../docs/clients/generated/graphql.ts';
import { LocalCopy, type SavedRecord } from '../../docs/clients/local-copy.ts';
import { createRandom, pick } from '../../src/commands/seed/random.ts';
import { useServer } from '../support/server.ts';
import { signIn } from './support.ts';

const server = useServer();

/** Loses a third of all requests, half of them before they arrive and half with their answers. */
function cutNetwork(random: () => number): void {
  const { fetch } = globalThis;
  onTestFinished(() => {
    globalThis.fetch = fetch;
  });
  globalThis.fetch = async (...request) => {
    if (random() < 1 / 6) throw new TypeError('fetch failed');
    const response = await fetch(...request);
    if (random() < 1 / 5) throw new TypeError('fetch failed');
    return response;
  };
}

const titlesOf = ({ records }: LocalCopy) =>
  [...records.values()].flatMap((record) => (record.__typename === 'Task' ? [record.title] : [])).sort();

function create(copy: LocalCopy, title: string, id = uuidv7()): string {
  const none = {
    completed: false,
    priority: 'NONE',
    position: '',
    deletedAt: null,
    list: null,
    parent: null,
    labels: [],
  };
  const shown = { __typename: 'Task', id, title, version: 1, createdAt: new Date().toISOString(), ...none };
  copy.change(CreateTaskDocument, { input: { id, title } }, (records) => records.set(id, shown as SavedRecord));
  return id;
}

function rename(copy: LocalCopy, id: string, title: string): void {
  copy.change(UpdateTaskDocument, { input: { id, title } }, (records) => {
    const task = records.get(id);
    if (task?.__typename === 'Task') records.set(id, { ...task, title });
  });
}

test('what is made offline shows at once, and on another device after both have synced', async () => {
  const [url, session] = await signIn(server);
  const [phone, laptop] = [new LocalCopy(connect(url, session)), new LocalCopy(connect(url, session))];
  const id = create(phone, 'Buy milk');
  rename(phone, id, 'Buy oat milk');
  expect(titlesOf(phone)).toEqual(['Buy oat milk']);
  await phone.sync();
  await laptop.sync();
  expect([phone.refused, laptop.refused]).toEqual([[], []]);
  expect(titlesOf(laptop)).toEqual(['Buy oat milk']);
  expect(laptop.records.get(id)).toEqual(phone.records.get(id));
});

test('what the server refuses is told, and not kept', async () => {
  const copy = new LocalCopy(connect(...(await signIn(server))));
  create(copy, '');
  const kept = create(copy, 'Buy milk');
  await copy.sync();
  const [error, ...others] = copy.refused.splice(0);
  expect([find(error?.errors ?? [], 'BAD_USER_INPUT')?.fields?.[0]?.code, others]).toEqual(['TOO_SHORT', []]);
  expect(titlesOf(copy)).toEqual(['Buy milk']);
  rename(copy, uuidv7(), 'nobody has this');
  rename(copy, kept, ' ');
  await copy.sync();
  expect(copy.refused).toHaveLength(2);
  expect(titlesOf(copy)).toEqual(['Buy milk']);
});

test('what was refused is not kept where the network goes right after it', async () => {
  const copy = new LocalCopy(connect(...(await signIn(server))));
  const id = create(copy, 'Buy milk');
  await copy.sync();
  rename(copy, id, ' ');
  rename(copy, id, 'Buy oat milk');
  const numbers = [0.9, 0.9, 0];
  cutNetwork(() => numbers.shift() ?? 0.9);
  await expect(copy.sync()).rejects.toThrow('fetch failed');
  copy.outbox.length = 0;
  await copy.sync();
  expect([copy.refused.length, titlesOf(copy)]).toEqual([1, ['Buy milk']]);
});

test('after a restore the copy is read anew', async () => {
  const copy = new LocalCopy(connect(...(await signIn(server))));
  create(copy, 'Buy milk');
  await copy.sync();
  await server.sql('update change_epoch set epoch = gen_random_uuid()');
  copy.records.set('gone', { __typename: 'Label', id: 'gone', name: 'from before', color: null });
  await copy.sync();
  expect([titlesOf(copy), copy.records.has('gone')]).toEqual([['Buy milk'], false]);
});

test('two devices whose network is cut at random hold the same in the end', async () => {
  const seed = Math.floor(Math.random() * 1e6);
  const random = createRandom(seed);
  const [url, session] = await signIn(server);
  const devices = [1, 2].map(() => new LocalCopy(connect(url, session)));
  cutNetwork(random);
  const ids: string[] = [];
  const untilSynced = async (copy: LocalCopy): Promise<void> => {
    for (;;) if (await copy.sync().then(() => true, isNetwork)) return;
  };
  for (let round = 0; round < 12; round++) {
    for (const copy of devices) {
      ids.push(create(copy, `${round}`));
      rename(copy, pick(random, ids), `new ${round}`);
      const id = pick(random, ids);
      const changing = pick(random, [CompleteTaskDocument, DeleteTaskDocument]);
      if (random() < 0.5) copy.change(changing, { input: { id } }, () => {});
    }
    await Promise.all(devices.map((copy) => copy.sync().catch(isNetwork)));
  }
  for (const copy of [...devices, ...devices]) await untilSynced(copy);
  const fresh = new LocalCopy(connect(url, session));
  await untilSynced(fresh);
  expect(fresh.records.size, `seed ${seed}`).toBe(25);
  for (const { records } of devices) {
    expect(Object.fromEntries(records), `seed ${seed}`).toEqual(Object.fromEntries(fresh.records));
  }
});

function isNetwork(error: unknown): false {
  if (error instanceof TypeError) return false;
  throw error;
}
