import { randomBytes } from 'node:crypto';
import { generateNKeysBetween } from 'fractional-indexing';
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';

/**
 * Positions among siblings are keys of the library fractional-indexing, compared as bytes. There is always a key between two
 * keys, so that a move writes one row. Keys at the end are derived from the time, so that adding a record need not read its
 * neighbours, and from random digits, so that records added at once get different keys.
 */

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Characters past which the surrounding records get new, short keys. The API promises fewer than 64. */
export const maximumKeyLength = 40;

/** A key that comes after those of all earlier times. @param now milliseconds since 1970 */
export function positionAt(now: number, random: Uint8Array = randomBytes(6)): string {
  let time = '';
  // In the library's notation, "g" starts an integer of 7 digits, enough until the year 2081.
  for (let rest = now; time.length < 7; rest = Math.floor(rest / 62)) time = digits.charAt(rest % 62) + time;
  return `g${time}${fraction(random)}`;
}

/** The digits after the integer. They must not end in 0. */
function fraction(random: Uint8Array): string {
  const first = [...random.subarray(0, 5)].map((byte) => digits.charAt(byte % 62));
  return `${first.join('')}${digits.charAt(1 + ((random[5] ?? 0) % 61))}`;
}

/**
 * SQL for a key at the end: `position`, or a key right after `last` if that is later because another machine's clock is
 * ahead. @param last null if there is none
 */
export function endPosition(position: unknown, last: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`case when ${position}::text collate "C" > coalesce(${last}, '') then ${position}::text
    else ${last} || substr(${position}::text, 9) end`;
}

/** The rows that a position orders: their table and what they have in common. Includes trashed rows. */
export interface SiblingGroup {
  readonly table: 'task' | 'task_list';
  readonly condition: RawBuilder<SqlBool>;
  /** The first columns of the index of positions, whose values are the same in the whole group. */
  readonly prefix: readonly string[];
}

/** A position among siblings: right after or before one, or at the end if neither is given. */
export interface MoveTarget {
  readonly afterId?: string | null | undefined;
  readonly beforeId?: string | null | undefined;
}

interface PositionedRow {
  readonly id: string;
  readonly position: string;
}

/** A Change, as far as positions need it. */
interface Connection {
  // biome-ignore lint/suspicious/noExplicitAny: the tables are named by the group, and their rows typed here
  readonly kysely: Kysely<any>;
  readonly revision: string;
}

/** Like positionsFor, for one record. */
export async function positionFor(
  db: Connection,
  group: SiblingGroup,
  id: string,
  target: MoveTarget,
): Promise<string | null> {
  return (await positionsFor(db, group, [id], target))?.[0] ?? null;
}

/**
 * Finds consecutive keys for records at a target in a locked group. If keys get too long, neighbours get new ones.
 * @returns null if the records are there already
 */
export async function positionsFor(
  db: Connection,
  group: SiblingGroup,
  ids: readonly string[],
  { afterId, beforeId }: MoveTarget,
): Promise<string[] | null> {
  const anchorId = afterId ?? beforeId;
  const from = anchorId
    ? sql`(select position from ${sql.table(group.table)} where ${group.condition} and id = ${anchorId})`
    : null;
  const found = await readNeighbours(db, group, from, afterId ? 'after' : 'before', ids.length + (from ? 1 : 0));
  const anchor = from ? (found.shift() ?? null) : null;
  const current = afterId ? found : found.toReversed();
  if (ids.every((id, index) => current[index]?.id === id)) return null;
  const beside = found[0] ?? null;
  const [before, after] = afterId ? [anchor, beside] : [beside, anchor];
  const keys = after
    ? generateNKeysBetween(before?.position, after.position, ids.length)
    : keysAtEnd(before, ids.length);
  return longestOf(keys) <= maximumKeyLength ? keys : await makeRoom(db, group, ids, before, after);
}

function keysAtEnd(last: PositionedRow | null, count: number): string[] {
  const now = Date.now();
  const made = new Set<string>();
  while (made.size < count) {
    // One call for all: a hundred calls would take a millisecond.
    const random = randomBytes(6 * (count - made.size));
    for (let at = 0; at < random.length; at += 6) made.add(positionAt(now, random.subarray(at, at + 6)));
  }
  const keys = [...made].sort();
  return last === null || (keys[0] ?? '') > last.position ? keys : keys.map((key) => last.position + key.slice(8));
}

function longestOf(keys: readonly string[]): number {
  return Math.max(...keys.map(({ length }) => length));
}

/** The records from a position on, or from the end backwards, without those in `except`. */
async function readNeighbours(
  db: Connection,
  group: SiblingGroup,
  from: RawBuilder<unknown> | null,
  side: 'after' | 'before',
  limit: number,
  except: readonly string[] = [],
): Promise<PositionedRow[]> {
  const [comparison, direction] = side === 'after' ? [sql`>=`, sql`asc`] : [sql`<=`, sql`desc`];
  // With the prefix, PostgreSQL uses the index although a value of it may be null; else it would sort the whole group.
  const order = [...group.prefix, 'position'].map((column) => sql`${sql.ref(column)} ${direction}`);
  const { rows } = await sql<PositionedRow>`
    select id, position from ${sql.table(group.table)}
    where ${group.condition} and ${from ? sql`position ${comparison} ${from}` : sql`true`} and id <> all(${except}::uuid[])
    order by ${sql.join(order)} limit ${sql.lit(limit)}`.execute(db.kysely);
  return rows;
}

/** Gives records around a gap new keys: as many records as needed for short keys. */
async function makeRoom(
  db: Connection,
  group: SiblingGroup,
  ids: readonly string[],
  before: PositionedRow | null,
  after: PositionedRow | null,
): Promise<string[]> {
  for (let reach = 32; ; reach *= 8) {
    const left = before ? await readNeighbours(db, group, sql`${before.position}`, 'before', reach + 1, ids) : [];
    const right = after ? await readNeighbours(db, group, sql`${after.position}`, 'after', reach + 1, ids) : [];
    const [low, high] = [left.length > reach ? left.pop() : undefined, right.length > reach ? right.pop() : undefined];
    const keys = generateNKeysBetween(low?.position, high?.position, left.length + ids.length + right.length);
    if (low && high && longestOf(keys) > maximumKeyLength / 2) continue;
    const all = [...left.toReversed().map(({ id }) => id), ...ids, ...right.map(({ id }) => id)];
    await rekey(db, group, all, keys);
    return keys.slice(left.length, left.length + ids.length);
  }
}

/** Writes positions only: version and updatedAt stay. */
async function rekey(
  db: Connection,
  group: SiblingGroup,
  ids: readonly string[],
  keys: readonly string[],
): Promise<void> {
  const table = sql.table(group.table);
  // Temporary keys first: one row's new key may be another's old one.
  await sql`
    update ${table} set position = '~' || id, revision = ${db.revision}
    where ${group.condition} and id = any(${ids}::uuid[])`.execute(db.kysely);
  await sql`
    update ${table} set position = renewed.key, revision = ${db.revision}
    from unnest(${ids}::uuid[], ${keys}::text[]) as renewed(id, key)
    where ${group.condition} and ${table}.id = renewed.id`.execute(db.kysely);
}
