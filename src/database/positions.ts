import { randomBytes } from 'node:crypto';
import { generateKeyBetween, generateNKeysBetween } from 'fractional-indexing';
import { type Kysely, type RawBuilder, type SqlBool, sql } from 'kysely';

/**
 * Places among siblings are keys of the library fractional-indexing, compared as bytes: between any two there is always
 * another, so that a move writes one row. Keys at the end are made of the time, so that adding a record need not read its
 * neighbours, and two that are added at once do not get the same.
 */

const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** A key past which its surroundings get new, short ones. The contract promises clients under 64 characters. */
export const longestKey = 40;

/** A key that comes after those of all earlier times. @param now milliseconds since 1970 */
export function positionAt(now: number, random: Uint8Array = randomBytes(6)): string {
  let time = '';
  // "g" announces an integer of 7 digits in the library's notation, enough until the year 2081.
  for (let rest = now; time.length < 7; rest = Math.floor(rest / 62)) time = digits.charAt(rest % 62) + time;
  return `g${time}${fraction(random)}`;
}

/** Digits after the integer: they must not end in 0. */
function fraction(random: Uint8Array): string {
  const first = [...random.subarray(0, 5)].map((byte) => digits.charAt(byte % 62));
  return `${first.join('')}${digits.charAt(1 + ((random[5] ?? 0) % 61))}`;
}

/**
 * SQL for a key at the end: `position`, made by positionAt, or one right after `last` where that is later, because
 * another machine's clock is ahead. @param last null where there is none
 */
export function endPosition(position: unknown, last: RawBuilder<unknown>): RawBuilder<string> {
  return sql<string>`case when ${position}::text collate "C" > coalesce(${last}, '') then ${position}::text
    else ${last} || substr(${position}::text, 9) end`;
}

/** The rows among which a position is one: their table and what they have in common, the trashed ones included. */
export interface SiblingGroup {
  readonly table: 'task' | 'task_list';
  readonly condition: RawBuilder<SqlBool>;
}

/** Where among its siblings: right after or before one, or at the end where neither is given. */
export interface Spot {
  readonly afterId?: string | null | undefined;
  readonly beforeId?: string | null | undefined;
}

interface Placed {
  readonly id: string;
  readonly position: string;
}

// biome-ignore lint/suspicious/noExplicitAny: the tables are named by the group, and their rows typed here
type Connection = Kysely<any>;

/**
 * Finds a key for the record `id` at a spot in a group that is locked. Where keys have grown long, its neighbours get
 * new ones.
 * @returns null where it is in that place already
 */
export async function positionFor(db: Connection, group: SiblingGroup, id: string, spot: Spot): Promise<string | null> {
  const bounds = await boundsOf(db, group, id, spot);
  if (bounds === null) return null;
  const [before, after] = bounds;
  const key = after === null ? keyAtEnd(before) : generateKeyBetween(before?.position, after.position);
  return key.length <= longestKey ? key : await makeRoom(db, group, id, before, after);
}

function keyAtEnd(last: Placed | null): string {
  const key = positionAt(Date.now());
  return last === null || key > last.position ? key : last.position + key.slice(8);
}

type Bounds = readonly [Placed | null, Placed | null];

/** The records that will be its neighbours; null where they are so already. */
async function boundsOf(db: Connection, group: SiblingGroup, id: string, spot: Spot): Promise<Bounds | null> {
  const anchorId = spot.afterId ?? spot.beforeId;
  const anchor = anchorId ? await find(db, group, sql`id = ${anchorId}`) : null;
  const own = await find(db, group, sql`id = ${id}`);
  if (!anchor) {
    const last = await neighbour(db, group, null, 'before', own === null ? null : id);
    const isLast = own !== null && (last === null || last.position < own.position);
    return isLast ? null : [last, null];
  }
  const side = spot.afterId ? 'after' : 'before';
  const beside = await neighbour(db, group, anchor.position, side, null);
  if (beside?.id === id) return null;
  return side === 'after' ? [anchor, beside] : [beside, anchor];
}

async function find(db: Connection, group: SiblingGroup, which: RawBuilder<SqlBool>): Promise<Placed | null> {
  const { rows } = await sql<Placed>`
    select id, position from ${sql.table(group.table)} where ${group.condition} and ${which}`.execute(db);
  return rows[0] ?? null;
}

/** The next record beyond a position, or the last of all; `except` is not looked at. */
async function neighbour(
  db: Connection,
  group: SiblingGroup,
  position: string | null,
  side: 'after' | 'before',
  except: string | null,
): Promise<Placed | null> {
  return (await stretch(db, group, position, side, 1, except))[0] ?? null;
}

async function stretch(
  db: Connection,
  group: SiblingGroup,
  position: string | null,
  side: 'after' | 'before',
  limit: number,
  except: string | null,
): Promise<Placed[]> {
  const beyond = position === null ? sql`true` : sql`position ${sql.raw(side === 'after' ? '>' : '<')} ${position}`;
  const other = except === null ? sql`true` : sql`id <> ${except}`;
  const { rows } = await sql<Placed>`
    select id, position from ${sql.table(group.table)}
    where ${group.condition} and ${beyond} and ${other}
    order by position ${sql.raw(side === 'after' ? 'asc' : 'desc')} limit ${sql.lit(limit)}`.execute(db);
  return rows;
}

/** Gives the records around a gap new keys, as many of them as it takes for the keys to be short again. */
async function makeRoom(
  db: Connection,
  group: SiblingGroup,
  id: string,
  before: Placed | null,
  after: Placed | null,
): Promise<string> {
  for (let reach = 32; ; reach *= 8) {
    const left = before ? [before, ...(await stretch(db, group, before.position, 'before', reach, id))] : [];
    const right = after ? [after, ...(await stretch(db, group, after.position, 'after', reach, id))] : [];
    const [low, high] = [left.length > reach ? left.pop() : undefined, right.length > reach ? right.pop() : undefined];
    const keys = generateNKeysBetween(low?.position, high?.position, left.length + 1 + right.length);
    if (low && high && Math.max(...keys.map(({ length }) => length)) > longestKey / 2) continue;
    await rekey(
      db,
      group,
      [...left.toReversed(), { id }, ...right].map((placed) => placed.id),
      keys,
    );
    return keys[left.length] ?? '';
  }
}

/** Writes positions and nothing else: for the others nothing has changed. */
async function rekey(
  db: Connection,
  group: SiblingGroup,
  ids: readonly string[],
  keys: readonly string[],
): Promise<void> {
  const table = sql.table(group.table);
  // Out of the way first: one row's new key may be another's old one.
  await sql`update ${table} set position = '~' || id where ${group.condition} and id = any(${ids}::uuid[])`.execute(db);
  await sql`
    update ${table} set position = renewed.key
    from unnest(${ids}::uuid[], ${keys}::text[]) as renewed(id, key)
    where ${group.condition} and ${table}.id = renewed.id`.execute(db);
}
