import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Database, PlainRow } from '../../database/database.ts';
import { type Selection, selectionAt } from '../selection.ts';
import type { Page, PageInfo } from './connection.ts';
import type { Cursors, KeyKind, Position } from './cursor.ts';
import { type PageArgs, windowOf } from './page-args.ts';

/** What the rows are sorted by. Ties are broken by id, in the same direction, so that one index serves both ways. */
interface PageOrder {
  readonly key: Expression<unknown>;
  readonly kind: KeyKind;
  readonly isDescending: boolean;
}

interface PageRequest<DB, Table extends keyof DB, Row> {
  /** Names what `source`, `rows` and `order` put into the text of a query: different texts, different shapes. */
  readonly shape: string;
  /** The rows that the page is cut from: that owner's, filtered; nothing selected, sorted or limited. */
  readonly source: (owner: string) => SelectQueryBuilder<DB, Table, object>;
  /** Adds the columns that the operation asked for. */
  readonly select: (source: SelectQueryBuilder<DB, Table, object>) => SelectQueryBuilder<DB, Table, Row>;
  readonly owner: string;
  readonly order: PageOrder;
  readonly cursors: Cursors;
  readonly args: PageArgs;
  /** Below the connection. */
  readonly selection: Selection;
}

/** The part of the order that is read: `after` and `before` are cut off, and reading may start at either end. */
interface Stretch {
  readonly after: Position | null;
  readonly before: Position | null;
  readonly isBackward: boolean;
  readonly limit: number;
}

type Keyed<Row> = Row & { readonly orderKey: string | number; readonly orderId: string };

/**
 * Reads one page by its keys: the cost does not grow with the page's distance from the start, and rows that come or go
 * meanwhile make no other row appear twice or not at all.
 */
export async function readPage<DB, Table extends keyof DB, Row>(
  database: Database,
  request: PageRequest<DB, Table, Row>,
): Promise<Page<PlainRow<Row>>> {
  const { order, cursors, args, selection } = request;
  const { isBackward, size } = windowOf(args);
  const after = typeof args.after === 'string' ? cursors.decode(args.after, 'after') : null;
  const before = typeof args.before === 'string' ? cursors.decode(args.before, 'before') : null;

  const [fetched, totalCount] = await Promise.all([
    readStretch(database, request, { after, before, isBackward, limit: size + 1 }),
    selection.has('totalCount') ? count(database, request) : undefined,
  ]);
  const hasMore = fetched.length > size;
  const keyed = isBackward ? fetched.slice(0, size).reverse() : fetched.slice(0, size);
  const [first, last] = [keyed[0], keyed.at(-1)];

  const exists = (side: Side, bound: Position | null, edge: Keyed<unknown> | undefined): Promise<boolean> => {
    if (bound === null) return Promise.resolve(false);
    // An empty page has no edge of its own: then the cursor's own record lies beyond it too.
    return existsBeyond(database, request, side, edge ? positionOf(edge, order.kind) : bound, edge === undefined);
  };
  const pageInfo = selectionAt(selection, 'pageInfo');
  const [hasNextPage, hasPreviousPage] = await Promise.all([
    (!isBackward && hasMore) || (pageInfo.has('hasNextPage') && exists('after', before, last)),
    (isBackward && hasMore) || (pageInfo.has('hasPreviousPage') && exists('before', after, first)),
  ]);

  const cursorOf = (row: Keyed<unknown> | undefined): string | null => {
    return row === undefined ? null : cursors.encode(positionOf(row, order.kind));
  };
  const info: PageInfo = { hasNextPage, hasPreviousPage, startCursor: cursorOf(first), endCursor: cursorOf(last) };
  const edges = selection.has('edges') ? keyed.map((node) => ({ node, cursor: cursorOf(node) ?? '' })) : [];
  return { edges, nodes: keyed, pageInfo: info, ...(totalCount === undefined ? {} : { totalCount }) };
}

async function readStretch<DB, Table extends keyof DB, Row>(
  database: Database,
  { shape, source, select, owner, order }: PageRequest<DB, Table, Row>,
  { after, before, isBackward, limit }: Stretch,
): Promise<Keyed<PlainRow<Row>>[]> {
  const direction = order.isDescending === isBackward ? 'asc' : 'desc';
  const rows = await database.read(
    `${shape} ${order.isDescending} ${direction} ${after ? 'after' : ''} ${before ? 'before' : ''}`,
    (values) =>
      select(source(values.owner))
        .select([sql`${order.key}`.as('orderKey'), sql`id`.as('orderId')])
        .$if(after !== null, (query) => query.where(beyond(order, 'after', values.afterKey, values.afterId)))
        .$if(before !== null, (query) => query.where(beyond(order, 'before', values.beforeKey, values.beforeId)))
        .orderBy(order.key, direction)
        .orderBy(sql`id`, direction)
        .limit(values.limit),
    {
      owner,
      limit,
      afterKey: after && keyValue(after, order.kind),
      afterId: after?.id ?? null,
      beforeKey: before && keyValue(before, order.kind),
      beforeId: before?.id ?? null,
    },
  );
  // What Kysely makes of the row's type cannot be told equal to this while Row is open.
  return rows as unknown as Keyed<PlainRow<Row>>[];
}

type Side = 'after' | 'before';

/** The rows on one side of a position, as the row comparison that an index on (owner, key, id) answers. */
function beyond(order: PageOrder, side: Side, key: unknown, id: unknown, isInclusive = false): Expression<SqlBool> {
  const operator = ((side === 'after') !== order.isDescending ? '>' : '<') + (isInclusive ? '=' : '');
  return sql<SqlBool>`(${order.key}, id) ${sql.raw(operator)} (${key}, ${id})`;
}

async function existsBeyond<DB, Table extends keyof DB, Row>(
  database: Database,
  { shape, source, owner, order }: PageRequest<DB, Table, Row>,
  side: Side,
  position: Position,
  isInclusive: boolean,
): Promise<boolean> {
  const found = await database.read(
    `${shape} exists ${side} ${order.isDescending} ${isInclusive}`,
    (values) =>
      source(values.owner)
        .where(beyond(order, side, values.key, values.id, isInclusive))
        .select(sql`1`.as('found'))
        .limit(sql.lit(1)),
    { owner, key: keyValue(position, order.kind), id: position.id },
  );
  return found.length > 0;
}

async function count<DB, Table extends keyof DB, Row>(
  database: Database,
  { shape, source, owner }: PageRequest<DB, Table, Row>,
): Promise<number> {
  const [row] = await database.read(
    `${shape} count`,
    (values) => source(values.owner).select(sql<string>`count(*)`.as('count')).$castTo<{ count: string }>(),
    { owner },
    true,
  );
  return Number(row?.count ?? 0);
}

function positionOf({ orderKey, orderId }: Keyed<unknown>, kind: KeyKind): Position {
  return { key: kind === 'instant' ? new Date(orderKey).getTime() : orderKey, id: orderId };
}

function keyValue({ key }: Position, kind: KeyKind): Date | string | number {
  return kind === 'instant' ? new Date(key) : key;
}
