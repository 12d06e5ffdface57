import { sql } from 'kysely';
import type { Reader, ReadOptions } from '../../database/database.ts';
import type { Query } from '../../database/statements.ts';
import { selectionAt } from '../selection.ts';
import type { Page, PageInfo } from './connection.ts';
import type { Position } from './cursor.ts';
import { beyond, keyValue, positionOf, type Side, stretch, stretchShape } from './keyset-slice.ts';
import { type PageWindow, windowOf } from './page-args.ts';
import type { Keyed, PageRequest } from './page-request.ts';

/** The part of the order that is read: `after` and `before` are cut off, and reading may start at either end. */
interface Bounds {
  readonly after: Position | null;
  readonly before: Position | null;
}

/**
 * Reads one page by its keys: the cost does not grow with the page's distance from the start, and rows that come or go
 * meanwhile make no other row appear twice or not at all.
 */
export async function readPage(database: Reader, request: PageRequest): Promise<Page<Keyed>> {
  const { order, cursors, args, selection } = request;
  const window = windowOf(args);
  const bounds = {
    after: typeof args.after === 'string' ? cursors.decode(args.after, 'after') : null,
    before: typeof args.before === 'string' ? cursors.decode(args.before, 'before') : null,
  };
  const [fetched, totalCount] = await Promise.all([
    readStretch(database, request, bounds, window),
    selection.has('totalCount') ? count(database, request) : undefined,
  ]);
  const cut = cutPage(fetched, window);
  const exists = (side: Side, bound: Position | null, edge: Keyed | undefined): Promise<boolean> => {
    if (bound === null) return Promise.resolve(false);
    // An empty page has no edge of its own: then the cursor's own record lies beyond it too.
    return existsBeyond(database, request, side, edge ? positionOf(edge, order.kind) : bound, edge === undefined);
  };
  const pageInfo = selectionAt(selection, 'pageInfo');
  const { rows, hasMore } = cut;
  const { isBackward } = window;
  const [hasNextPage, hasPreviousPage] = await Promise.all([
    (!isBackward && hasMore) || (pageInfo.has('hasNextPage') && exists('after', bounds.before, rows.at(-1))),
    (isBackward && hasMore) || (pageInfo.has('hasPreviousPage') && exists('before', bounds.after, rows[0])),
  ]);
  return pageOf(rows, { hasNextPage, hasPreviousPage }, request, totalCount);
}

/** What was fetched, one more than asked for where there is more, as the rows of a page in their order. */
export function cutPage(fetched: readonly Keyed[], { isBackward, size }: PageWindow) {
  const rows = fetched.slice(0, size);
  return { rows: isBackward ? rows.reverse() : rows, hasMore: fetched.length > size };
}

/** What a resolver answers with. */
export function pageOf(
  rows: readonly Keyed[],
  more: Pick<PageInfo, 'hasNextPage' | 'hasPreviousPage'>,
  { cursors, order, selection }: PageRequest,
  totalCount: number | undefined,
): Page<Keyed> {
  const cursorOf = (row: Keyed | undefined): string | null => {
    return row === undefined ? null : cursors.encode(positionOf(row, order.kind));
  };
  const asked = selectionAt(selection, 'pageInfo');
  const pageInfo: PageInfo = {
    ...more,
    startCursor: asked.has('startCursor') ? cursorOf(rows[0]) : null,
    endCursor: asked.has('endCursor') ? cursorOf(rows.at(-1)) : null,
  };
  const edges = selection.has('edges') ? rows.map((node) => ({ node, cursor: cursorOf(node) ?? '' })) : [];
  return { edges, nodes: rows, pageInfo, ...(totalCount === undefined ? {} : { totalCount }) };
}

function readStretch(
  database: Reader,
  request: PageRequest,
  { after, before }: Bounds,
  window: PageWindow,
): Promise<Keyed[]> {
  const { order } = request;
  return database.read(
    `${stretchShape(database, request, window)} ${after ? 'after' : ''} ${before ? 'before' : ''}`,
    (values): Query<Keyed> =>
      stretch(database, request, window, values, (source) =>
        source
          .$if(after !== null, (query) => query.where(beyond(order, 'after', values.afterKey, values.afterId)))
          .$if(before !== null, (query) => query.where(beyond(order, 'before', values.beforeKey, values.beforeId))),
      ),
    {
      ...request.values,
      afterKey: after && keyValue(after, order.kind),
      afterId: after?.id ?? null,
      beforeKey: before && keyValue(before, order.kind),
      beforeId: before?.id ?? null,
    },
    howToRead(request),
  ) as Promise<Keyed[]>;
}

/** What is planned for its values may read many rows. */
function howToRead({ customPlan = false }: PageRequest): ReadOptions {
  return { customPlan, dedicatedConnection: customPlan };
}

async function existsBeyond(
  database: Reader,
  request: PageRequest,
  side: Side,
  position: Position,
  isInclusive: boolean,
): Promise<boolean> {
  const { shape, source, values: given, order } = request;
  const found = await database.read(
    `${shape} exists ${side} ${order.isDescending} ${isInclusive}`,
    (values) =>
      source(values)
        .where(beyond(order, side, values.key, values.id, isInclusive))
        .select(sql`1`.as('found'))
        .limit(sql.lit(1)),
    { ...given, key: keyValue(position, order.kind), id: position.id },
    howToRead(request),
  );
  return found.length > 0;
}

async function count(database: Reader, { shape, source, values: given }: PageRequest): Promise<number> {
  const [row] = await database.read(
    `${shape} count`,
    (values): Query<{ count: string }> => source(values).select(sql<string>`count(*)`.as('count')),
    given,
    // What is counted may be half of all rows or none: planned for the values, it takes half the time.
    { dedicatedConnection: true, customPlan: true },
  );
  return Number(row?.count ?? 0);
}
