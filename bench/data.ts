import { pipeline } from 'node:stream/promises';
import bcrypt from 'bcrypt';
import type { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { showProgress } from './progress.ts';

/** The password of every user. */
export const password = 'correct horse battery staple';

// Hashing once is enough, and 100,000 times would take hours. The cost is todoql's default.
const bcryptCost = 12;

/** How many tasks and users there are; every user has as many tasks. */
export interface Size {
  readonly tasks: number;
  readonly users: number;
}

// What keeps the ids of unlike things apart.
const kinds = { user: 1, session: 2, task: 3, list: 4, label: 5 } as const;

/** Everything below is made from running numbers: two runs work on the same rows. */
export const userId = (user: number): string => uuid(user * 60_000, user, kinds.user);
export const sessionId = (user: number): string => uuid(user * 60_000 + 1_000, user, kinds.session);
export const email = (user: number): string => `user-${user}@example.com`;

/** The id of a user's nth task. Users take turns, so that a user's tasks lie as far apart on disk as in a service. */
export function taskId({ users }: Size, user: number, nth: number): string {
  const task = nth * users + user;
  return uuid(createdAt(task), task, kinds.task);
}

/** Which of every user's tasks starts open and out of the trash. */
export const openTask = 50;

const isCompleted = (nth: number): boolean => nth % 3 === 0;
// None that has parts or is one.
const isTrashed = (nth: number): boolean => nth % 50 === 49;

/** Fills empty tables, with a progress bar, and leaves them vacuumed and analysed. */
export async function loadData(client: Client, size: Size): Promise<void> {
  // A superuser's: what is made up here refers to nothing that is not there, and looking that up takes longest.
  await client.query("set session_replication_role = 'replica'");
  await withoutIndexes(client, () => copyAll(client, size));
  await client.query('vacuum analyze');
}

async function copyAll(client: Client, size: Size): Promise<void> {
  const { tasks, users } = size;
  const hash = await bcrypt.hash(password, bcryptCost);
  await copy(client, 'user (id, email, password_hash, created_at)', users, (user) => [
    userId(user),
    email(user),
    hash,
    instant(user * 60_000),
  ]);
  await copy(client, 'user_change (user_id, revision)', users, (user) => [userId(user), '0']);
  await copy(client, 'session (user_id, id, created_at, expires_at)', users, (user) => [
    userId(user),
    sessionId(user),
    instant(user * 60_000),
    '2099-01-01T00:00:00Z',
  ]);
  const named = 'user_id, id, name, color, position, archived, version, created_at, updated_at';
  await copy(client, `task_list (${named})`, users * listsPerUser, (list) => listRow(size, list));
  await copy(client, `label (${named.replace('position, archived', 'name_key')})`, users * labelsPerUser, (label) =>
    labelRow(size, label),
  );
  const columns =
    'user_id, id, list_id, parent_id, position, title, description, priority, completed_at, version, created_at, updated_at, deleted_at';
  await copy(client, `task (${columns})`, tasks, (task) => taskRow(size, task));
  await copy(client, 'task_label (user_id, task_id, label_id)', tasks * 3, (link) => linkRow(size, link));
}

/** Makes all indexes but the keys' after the rows: one by one, they take most of the time for ten million. */
async function withoutIndexes(client: Client, work: () => Promise<void>): Promise<void> {
  const { rows } = await client.query<{ name: string; definition: string }>(`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as definition
    from pg_index join pg_class on pg_class.oid = indrelid
    where relnamespace = 'public'::regnamespace and not exists (select from pg_constraint where conindid = indexrelid)`);
  for (const { name } of rows) await client.query(`drop index ${name}`);
  await work();
  await client.query("set maintenance_work_mem = '512MB'");
  const progress = showProgress('indexes', rows.length);
  for (const [index, { definition }] of rows.entries()) {
    await client.query(definition);
    progress(index + 1);
  }
}

const listsPerUser = 10;
/** More than a page of them. */
const labelsPerUser = 60;
const colors = ['#2f6fde', '#2f8f6b', '#d64545', String.raw`\N`];

function namedRow(size: Size, kind: 'list' | 'label', index: number): string[] {
  const user = index % size.users;
  const name = `${kind} ${(index - user) / size.users}`;
  return [userId(user), namedId(kind, index), name, colors[noise(index) % colors.length] ?? ''];
}

function listRow(size: Size, list: number): string[] {
  return [...namedRow(size, 'list', list), position(list), 'false', '1', instant(0), instant(0)];
}

function labelRow(size: Size, label: number): string[] {
  const row = namedRow(size, 'label', label);
  return [...row, row[2] ?? '', '1', instant(0), instant(0)];
}

const namedId = (kind: 'list' | 'label', index: number): string => uuid(0, index, kinds[kind]);

/** Keys in the order of their numbers, in the notation of todoql's positions. */
const position = (number: number): string => `g${number.toString().padStart(7, '0')}V`;

/** Which of the user's tasks another one is a part of: of five in a row the first has the next three; null at the top. */
function parentOf(nth: number): number | null {
  const place = nth % 5;
  return place >= 1 && place <= 3 ? nth - place : null;
}

/** Which of the user's lists a task is in, with its parts; null for one in ten. */
function listOf(user: number, nth: number): number | null {
  const list = noise(user * 100 + (parentOf(nth) ?? nth)) % (listsPerUser + 1);
  return list === listsPerUser ? null : list;
}

/** Labels of tasks: three turns for each, of which it uses none to all. */
function linkRow({ users }: Size, link: number): string[] | null {
  const task = Math.floor(link / 3);
  const turn = link % 3;
  if (turn >= noise(task + 3) % 4) return null;
  const user = task % users;
  // Neighbours, so that no task has a label twice.
  const label = (noise(task + 4) + turn) % labelsPerUser;
  return [userId(user), uuid(createdAt(task), task, kinds.task), namedId('label', label * users + user)];
}

function taskRow(size: Size, task: number): string[] {
  const { users } = size;
  const user = task % users;
  const nth = (task - user) / users;
  const list = listOf(user, nth);
  const parent = parentOf(nth);
  const created = createdAt(task);
  const changed = instant(created + 3_600_000);
  return [
    userId(user),
    uuid(created, task, kinds.task),
    list === null ? String.raw`\N` : namedId('list', list * users + user),
    parent === null ? String.raw`\N` : taskId(size, user, parent),
    position(task),
    words(task, 4),
    words(task + 1, noise(task) % 20),
    String(noise(task + 2) % 5),
    isCompleted(nth) ? changed : String.raw`\N`,
    isCompleted(nth) ? '2' : '1',
    instant(created),
    isCompleted(nth) ? changed : instant(created),
    isTrashed(nth) ? changed : String.raw`\N`,
  ];
}

async function copy(
  client: Client,
  target: string,
  count: number,
  row: (index: number) => readonly string[] | null,
): Promise<void> {
  const [table = '', columns = ''] = target.split(/ (.*)/);
  const lines = function* (): Generator<string> {
    const progress = showProgress(`${table}s`, count);
    const size = 1_000;
    for (let start = 0; start < count; start += size) {
      let chunk = '';
      for (let index = start; index < Math.min(start + size, count); index += 1) {
        const cells = row(index);
        if (cells !== null) chunk += `${cells.join('\t')}\n`;
      }
      yield chunk;
      progress(Math.min(start + size, count));
    }
  };
  await pipeline(lines, client.query(copyFrom(`copy "${table}" ${columns} from stdin`)));
}

// 2025-01-01T00:00:00Z: far enough back that ten million tasks, three seconds apart, lie in the past.
const epoch = 1_735_689_600_000;
const createdAt = (task: number): number => task * 3_000 + (noise(task) % 1_000);
const instant = (milliseconds: number): string => new Date(epoch + milliseconds).toISOString();

/** A version 7 UUID whose random part is a function of its number. */
function uuid(milliseconds: number, number: number, kind: number): string {
  const time = (epoch + milliseconds).toString(16).padStart(12, '0');
  const [a, b] = [noise(number * 7 + kind), noise(number * 7 + kind + 1)].map((bits) => hex(bits));
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a?.slice(0, 3)}-8${b?.slice(0, 3)}-${hex(number)}${a?.slice(4)}`;
}

const hex = (bits: number): string => bits.toString(16).padStart(8, '0');

/** Spreads 32 bits over 32 bits (the finaliser of MurmurHash3): random to look at, and the same in every run. */
function noise(seed: number): number {
  let bits = seed | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}

const vocabulary =
  'call write pay order clean mend plan the a new old garden report letter roof train ticket bill'.split(' ');

/** Text of so many words. */
export function words(seed: number, count: number): string {
  let text = '';
  for (let index = 0; index < count; index += 1) {
    text += `${index === 0 ? '' : ' '}${vocabulary[noise(seed * 31 + index) % vocabulary.length]}`;
  }
  return text;
}
