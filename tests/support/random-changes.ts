import { v7 as uuidv7 } from 'uuid';
import { createRandom, pick, type Random } from '../../src/commands/seed/random.ts';
import type { Client } from './client.ts';

/** Ids that clients have used so far, of records that may be gone. */
export interface KnownIds {
  readonly tasks: string[];
  readonly lists: string[];
  readonly labels: string[];
}

type Operation = (random: Random, known: KnownIds) => readonly [name: string, input: object | null];

const noId = '01a1fd83-085f-7429-8acf-26a739617b03';
const one = (random: Random, ids: readonly string[]): string => (ids.length > 0 ? pick(random, ids) : noId);
const some = (random: Random, ids: readonly string[]): string[] => [
  one(random, ids),
  one(random, ids),
  one(random, ids),
];
const maybe = <Value>(random: Random, value: Value): Value | undefined => (random() < 0.5 ? value : undefined);

function newId(ids: string[]): string {
  const id = uuidv7();
  ids.push(id);
  return id;
}

function place(random: Random, { tasks, lists }: KnownIds): object {
  return { listId: maybe(random, one(random, lists)), parentId: maybe(random, one(random, tasks)) };
}

/** One for each mutation that changes records. */
const operations: readonly Operation[] = [
  (random, known) => ['createTask', { id: newId(known.tasks), title: 'a', ...place(random, known) }],
  (random, known) => ['createTask', { title: 'b', listId: maybe(random, one(random, known.lists)) }],
  (random, known) => ['createTask', { id: newId(known.tasks), title: 'c', labelIds: [one(random, known.labels)] }],
  (random, known) => {
    const parentId = newId(known.tasks);
    const top = { id: parentId, title: 'i', listId: maybe(random, one(random, known.lists)) };
    return ['createTasks', { tasks: [top, { id: newId(known.tasks), title: 'j', parentId }] }];
  },
  (random, { tasks, labels }) => [
    'updateTask',
    { id: one(random, tasks), title: `d${random()}`, addLabelIds: maybe(random, [one(random, labels)]) },
  ],
  (random, { tasks, labels }) => [
    'updateTask',
    { id: one(random, tasks), labelIds: maybe(random, [one(random, labels)]) },
  ],
  (random, { tasks }) => ['completeTask', { id: one(random, tasks) }],
  (random, { tasks }) => ['reopenTask', { id: one(random, tasks) }],
  (random, known) => ['moveTask', { id: one(random, known.tasks), ...place(random, known) }],
  (random, { tasks }) => ['moveTask', { id: one(random, tasks), beforeId: one(random, tasks) }],
  (random, { tasks }) => ['deleteTask', { id: one(random, tasks) }],
  (random, { tasks }) => ['restoreTask', { id: one(random, tasks) }],
  (random, { tasks }) => ['purgeTask', { id: one(random, tasks) }],
  (random, { tasks, labels }) => [
    'updateTasks',
    { ids: some(random, tasks), set: { priority: 'HIGH', addLabelIds: maybe(random, [one(random, labels)]) } },
  ],
  (random, known) => ['moveTasks', { ids: some(random, known.tasks), ...place(random, known) }],
  (random, { tasks }) => ['completeTasks', { ids: some(random, tasks) }],
  (random, { tasks }) => ['reopenTasks', { ids: some(random, tasks) }],
  (random, { tasks }) => ['deleteTasks', { ids: some(random, tasks) }],
  (random, { tasks }) => ['restoreTasks', { ids: some(random, tasks) }],
  (_random, { lists }) => ['createList', { id: newId(lists), name: 'e' }],
  (random, { lists }) => ['updateList', { id: one(random, lists), name: `f${random()}`, archived: random() < 0.5 }],
  (random, { lists }) => ['moveList', { id: one(random, lists), beforeId: maybe(random, one(random, lists)) }],
  (random, { lists }) => ['deleteList', { id: one(random, lists) }],
  (random, { lists }) => ['restoreList', { id: one(random, lists) }],
  (random, { lists }) => ['purgeList', { id: one(random, lists) }],
  (random, { labels }) => ['createLabel', { id: newId(labels), name: `g${random()}` }],
  (random, { labels }) => ['updateLabel', { id: one(random, labels), name: `h${random()}` }],
  (random, { labels }) => ['deleteLabel', { id: one(random, labels) }],
  () => ['emptyTrash', null],
  (random) => ['updateMe', { timeZone: pick(random, ['UTC', 'Asia/Tokyo', 'Europe/Paris']) }],
];

/** The names of the mutations that are sent. */
export const changingMutations = new Set(operations.map((operation) => operation(createRandom(1), noIds())[0]));

export function noIds(): KnownIds {
  return { tasks: [], lists: [], labels: [] };
}

/**
 * Sends random changes one after the other. Many fail, for records that are gone or not what they should be.
 * @param send may fail by itself, as when a server is killed
 */
export async function changeAtRandom(
  random: Random,
  count: number,
  known: KnownIds,
  send: (...operation: ReturnType<Operation>) => Promise<void>,
) {
  // First of all, something to work with.
  for (const name of ['createList', 'createLabel', 'createTask', 'createTask']) {
    const creating = operations.filter((operation) => operation(createRandom(1), noIds())[0] === name);
    await send(...pick(random, creating)(random, known));
  }
  for (let left = count; left > 0; left--) await send(...pick(random, operations)(random, known));
}

/** Sends an operation as a client. @throws if the server has a bug */
export async function sendChange(user: Client, name: string, input: object | null): Promise<void> {
  const type = `${name[0]?.toUpperCase()}${name.slice(1)}Input!`;
  const operation = input
    ? `mutation ($input: ${type}) { ${name}(input: $input) { __typename } }`
    : `mutation { ${name} { __typename } }`;
  const reply = await user.run(operation, input ? { input } : {});
  if (/INTERNAL_SERVER_ERROR|GRAPHQL_VALIDATION_FAILED/.test(reply.text)) throw new Error(String(reply));
}
