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
  /** The rows that the page is cut from: owner and filter applied, nothing selected, sorted or limited. */
  readonly source: SelectQueryBuilder<DB, Table, object>;
  /** The same with the columns that the operation asked for. */
  readonly rows: SelectQueryBuilder<DB, Table, Row>;
  readonly order: PageOrder;
  readonly cursors: Cursors;
  readonly args: PageArgs;
  /** Below the connection. */
  readonly selection: Selection;
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
  const { source, order, cursors, args, selection } = request;
  const { isBackward, size } = windowOf(args);
  const after = typeof args.after === 'string' ? cursors.decode(args.after, 'after') : null;
  const before = typeof args.before === 'string' ? cursors.decode(args.before, 'before') : null;

  const [fetched, totalCount] = await Promise.all([
    readBetween(database, request, after, before, isBackward, size + 1),
    selection.has('totalCount') ? count(database, source) : undefined,
  ]);
  const hasMore = fetched.length > size;
  const keyed = isBackward ? fetched.slice(0, size).reverse() : fetched.slice(0, size);
  const positions = keyed.map((row) => positionOf(row, order.kind));

  const exists = (side: Side, bound: Position | null, edge: Position | undefined): Promise<boolean> =>
    bound === null ? Promise.resolve(false) : existsBeyond(database, request, side, edge ?? bound, edge === undefined);
  const asked = selectionAt(selection, 'pageInfo');
  const [hasNextPage, hasPreviousPage] = await Promise.all([
    (!isBackward && hasMore) || (asked.has('hasNextPage') && exists('after', before, positions.at(-1))),
    (isBackward && hasMore) || (asked.has('hasPreviousPage') && exists('before', after, positions[0])),
  ]);

  const edges = keyed.map((node, index) => ({ node, cursor: cursors.encode(positions[index] as Position) }));
  const pageInfo: PageInfo = {
    hasNextPage,
    hasPreviousPage,
    startCursor: edges[0]?.cursor ?? null,
    endCursor: edges.at(-1)?.cursor ?? null,
  };
  return { edges, nodes: keyed, pageInfo, ...(totalCount === undefined ? {} : { totalCount }) };
}

async function readBetween<DB, Table extends keyof DB, Row>(
  database: Database,
  { rows, order }: PageRequest<DB, Table, Row>,
  after: Position | null,
  before: Position | null,
  isBackward: boolean,
  limit: number,
): Promise<Keyed<PlainRow<Row>>[]> {
  const direction = order.isDescending === isBackward ? 'asc' : 'desc';
  const query = rows
    .select([order.key, sql.ref('id')].map((column, index) => sql`${column}`.as(index === 0 ? 'orderKey' : 'orderId')))
    .$if(after !== null, (query) => query.where(beyond(order, 'after', after as Position)))
    .$if(before !== null, (query) => query.where(beyond(order, 'before', before as Position)))
    .orderBy(order.key, direction)
    .orderBy(sql.ref('id'), direction)
    .limit(limit);
  // What Kysely makes of the row's type cannot be told equal to this while Row is open.
  return (await database.read(query)) as unknown as Keyed<PlainRow<Row>>[];
}

type Side = 'after' | 'before';

/** The rows on one side of a position, as the row comparison that an index on (owner, key, id) answers. */
function beyond(order: PageOrder, side: Side, { key, id }: Position, isInclusive = false): Expression<SqlBool> {
  const operator = ((side === 'after') !== order.isDescending ? '>' : '<') + (isInclusive ? '=' : '');
  const value = order.kind === 'instant' ? new Date(key) : key;
  return sql<SqlBool>`(${order.key}, ${sql.ref('id')}) ${sql.raw(operator)} (${value}, ${id})`;
}

async function existsBeyond<DB, Table extends keyof DB, Row>(
  database: Database,
  { source, order }: PageRequest<DB, Table, Row>,
  side: Side,
  position: Position,
  isInclusive: boolean,
): Promise<boolean> {
  const found = source
    .where(beyond(order, side, position, isInclusive))
    .select(sql`1`.as('found'))
    .limit(1);
  return (await database.read(found)).length > 0;
}

async function count<DB, Table extends keyof DB>(
  database: Database,
  source: SelectQueryBuilder<DB, Table, object>,
): Promise<number> {
  const counted = source.select(sql<string>`count(*)`.as('count')).$castTo<{ count: string }>();
  const [row] = await database.read(counted);
  return Number(row?.count ?? 0);
}

function positionOf<Row>({ orderKey, orderId }: Keyed<Row>, kind: KeyKind): Position {
  return { key: kind === 'instant' ? new Date(orderKey).getTime() : orderKey, id: orderId };
}
