import type { EntityMetadata } from '@mikro-orm/core';
import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/database.ts';
import type { Query } from '../database/statements.ts';
import { kindOf } from '../errors.ts';
import type { Selection } from '../read/selection.ts';
import { decodeCursor, encodeCursor, end, lastId, start } from './change-cursor.ts';
import { type DatabaseLife, readWithLife } from './database-life.ts';

/** Bytes of text past which a page takes no further record. */
const maximumBytes = 1_000_000;

/** Bytes that a record takes beside its texts. */
const bytesOfRecord = 500;

export enum ChangeKind {
  SAVED = 'SAVED',
  REMOVED = 'REMOVED',
}

export interface Change {
  readonly kind: ChangeKind;
  readonly id: string;
  readonly typeName: string;
  readonly record: object | null;
}

export interface ChangePage {
  readonly changes: readonly Change[];
  readonly cursor: string;
  readonly hasMore: boolean;
}

/** Reads the viewer's records with these ids as they are now, with the selected fields. Those that are gone are left out. */
type FindRecords = (db: Database, ids: readonly string[], selection: Selection) => Promise<Record<string, unknown>[]>;

/** For each type of record that clients keep a copy of. */
export type RecordFinders = Readonly<Record<string, FindRecords>>;

interface PageArgs {
  readonly after?: string | null | undefined;
  /** The maximum number of changes. */
  readonly first: number;
}

/** A record that changed, or the id of one that was removed. */
interface Entry {
  readonly id: string;
  readonly revision: string;
  readonly type: string;
  readonly isRemoved: boolean;
  /** Bytes of the entries before it. */
  readonly bytesBefore: string | null;
}

/** The user's latest revision, and the life of the database. */
interface Head extends DatabaseLife {
  readonly latest: string;
}

/**
 * One page of what changed after a cursor, each record once, as it is now; without a cursor, of everything there is. Ids, removals
 * and the counter are read by one statement. What is gone when the records are read is removed: it does not come back.
 * Errors: BAD_USER_INPUT, CURSOR_EXPIRED.
 * @param selection of the records
 */
export async function readChanges(
  db: Database,
  finders: RecordFinders,
  { after, first }: PageArgs,
  selection: Selection,
): Promise<ChangePage> {
  const cursor = typeof after === 'string' ? decodeCursor(db.viewer.id, after) : null;
  const { head, entries } = await readEntries(db, Object.keys(finders), cursor?.position ?? null, first + 1);
  const latest = BigInt(head.latest);
  cursor?.requireLife(head, latest);
  const fitting = entries.slice(0, first).filter(({ bytesBefore }) => Number(bytesBefore) < maximumBytes);
  const last = fitting.at(-1);
  const hasMore = fitting.length < entries.length;
  const since = cursor ? cursor.position.since : latest;
  const position =
    hasMore && last
      ? { revision: BigInt(last.revision), id: last.id, since }
      : { revision: latest, id: lastId, since: 0n };
  return {
    changes: await loadRecords(db, finders, fitting, selection, since),
    cursor: encodeCursor(db.viewer.id, head, position),
    hasMore,
  };
}

/** A page without changes, whose cursor comes after all of them: what a subscription without a cursor begins with. */
export async function emptyPage(db: Database, finders: RecordFinders): Promise<ChangePage> {
  const { head } = await readEntries(db, Object.keys(finders), end, 0);
  const position = { revision: BigInt(head.latest), id: lastId, since: 0n };
  return { changes: [], cursor: encodeCursor(db.viewer.id, head, position), hasMore: false };
}

async function loadRecords(
  db: Database,
  finders: RecordFinders,
  entries: readonly Entry[],
  selection: Selection,
  since: bigint,
): Promise<Change[]> {
  const saved = Map.groupBy(
    entries.filter(({ isRemoved }) => !isRemoved),
    ({ type }) => type,
  );
  const found = await Promise.all(
    [...saved].map(async ([type, ofType]) => {
      const ids = ofType.map(({ id }) => id);
      const rows = (await finders[type]?.(db, ids, selection)) ?? [];
      return rows.map((row): [unknown, object] => [row.id, { ...row, __typename: type }]);
    }),
  );
  const records = new Map(found.flat());
  return entries.flatMap(({ id, type: typeName, revision }): Change[] => {
    const record = records.get(id);
    if (record) return [{ kind: ChangeKind.SAVED, id, typeName, record }];
    // A client that knows it, whatever its list was then, has no other way to learn that it is gone.
    return BigInt(revision) > since ? [{ kind: ChangeKind.REMOVED, id, typeName, record: null }] : [];
  });
}

type Values = Readonly<Record<'owner' | 'revision' | 'id' | 'since' | 'limit', unknown>>;

async function readEntries(db: Database, types: readonly string[], after: typeof start | null, limit: number) {
  // In a first sync, what was removed before it began is not told.
  const isFirst = after === null;
  const { revision, id, since } = after ?? start;
  const rows = await readWithLife(db, ({ cacheKey, columns }) =>
    db.read(
      `changes ${isFirst} ${cacheKey} ${types.join(' ')}`,
      (values): Query<Head & { [Name in keyof Entry]: Entry[Name] | null }> => {
        const counter = sql`(select revision from user_change where user_id = ${values.owner})`;
        const entries = entriesOf(db, types, { ...values, since: isFirst ? counter : values.since });
        const query = sql<Head & { [Name in keyof Entry]: Entry[Name] | null }>`
          select coalesce(${counter}, 0)::text as latest, ${columns}, entry.*
          from (select) as head left join lateral (${entries}) as entry on true`;
        return { compile: () => query.compile(db.kysely) };
      },
      { revision: String(revision), id, since: String(since), limit },
    ),
  );
  const [head] = rows;
  if (!head) throw new Error('The counter is always answered.');
  return { head, entries: rows.filter((row): row is Head & Entry => (row.id ?? null) !== null) };
}

function entriesOf(db: Database, types: readonly string[], values: Values): RawBuilder<unknown> {
  const page = sql`order by revision, id limit ${values.limit}`;
  const parts = types.map((type) => {
    const entity = [...db.metadata].find(({ className }) => className === type);
    if (!entity) throw new Error(`src/records.ts lists no ${type}.`);
    return sql`(${savedEntries(entity, values)} ${page})`;
  });
  const all = sql.join([...parts, sql`(${removedEntries(types, values)} ${page})`], sql` union all `);
  return sql`
    select id, revision::text, type, removed as "isRemoved",
      sum(bytes) over (order by revision, id rows between unbounded preceding and 1 preceding)::text as "bytesBefore"
    from (select * from (${all}) as part ${page}) as page order by page.revision, page.id`;
}

/** A record that a job is removing is gone for clients. */
function savedEntries(
  { className, tableName, properties, props }: EntityMetadata,
  values: Values,
): RawBuilder<unknown> {
  const owner = properties.user ? sql`user_id` : sql`id`;
  const removed = properties.purgedAt && className !== 'User' ? sql`purged_at is not null` : sql`false`;
  const texts = props.filter(({ type, hidden, kind }) => type === 'text' && !hidden && kind === 'scalar');
  const bytes = texts.map(({ fieldNames: [column = ''] }) => sql`coalesce(octet_length(${sql.ref(column)}), 0)`);
  return sql`
    select id, revision, ${sql.lit(className)} as type, ${removed} as removed,
      ${sql.join([sql.lit(bytesOfRecord), ...bytes], sql` + `)} as bytes
    from ${sql.table(tableName)}
    where ${owner} = ${values.owner} and (revision, id) > (${values.revision}::bigint, ${values.id}::uuid)
      and (not (${removed}) or revision > ${values.since}::bigint)`;
}

/** What was removed for good. */
function removedEntries(types: readonly string[], values: Values): RawBuilder<unknown> {
  const cases = types.map((type) => sql`when ${sql.lit(kindOf(type))} then ${sql.lit(type)}`);
  const kinds = types.map((type) => sql.lit(kindOf(type)));
  return sql`
    select id, revision, case kind ${sql.join(cases, sql` `)} end as type, true as removed, 100 as bytes
    from retired_id
    where user_id = ${values.owner} and (revision, id) > (${values.revision}::bigint, ${values.id}::uuid)
      and revision > ${values.since}::bigint and kind in (${sql.join(kinds)})`;
}
