import { sql } from 'kysely';
import type { Reader, ReadOptions } from '../../database/database.ts';
import type { Query } from '../../database/statements.ts';
import { selectionAt } from '../selection.ts';
import type { Page, PageInfo } from './connection.ts';
import type { CursorPosition } from './cursor.ts';
import { cursorCondition, keysetSlice, keyValue, positionOf, type Side, sliceCacheKey } from './keyset-slice.ts';
import { type PageWindow, windowOf } from './page-args.ts';
import type { PageRequest, PageRow } from './page-request.ts';

/** The cursors between which a page lies, both exclusive. */
interface Bounds {
  readonly after: CursorPosition | null;
  readonly before: CursorPosition | null;
}

/**
 * Reads one page by keyset pagination: the cost does not grow with the distance from the start, and rows that are added or
 * removed meanwhile make no other row appear twice or be skipped.
 */
export async function readPage(database: Reader, request: PageRequest): Promise<Page<PageRow>> {
  const { order, cursors, args, selection } = request;
  const window = windowOf(args);
  const bounds = {
    after: typeof args.after === 'string' ? cursors.decode(args.after, 'after') : null,
    before: typeof args.before === 'string' ? cursors.decode(args.before, 'before') : null,
  };
  const [fetched, totalCount] = await Promise.all([
    readSlice(database, request, bounds, window),
    selection.has('totalCount') ? count(database, request) : undefined,
  ]);
  const cut = trimPage(fetched, window);
  const exists = (side: Side, bound: CursorPosition | null, edge: PageRow | undefined): Promise<boolean> => {
    if (bound === null) return Promise.resolve(false);
    // An empty page has no edge: then the cursor's own record counts too.
    return existsPast(database, request, side, edge ? positionOf(edge, order.kind) : bound, edge === undefined);
  };
  const pageInfo = selectionAt(selection, 'pageInfo');
  const { rows, hasMore } = cut;
  const { isBackward } = window;
  const [hasNextPage, hasPreviousPage] = await Promise.all([
    (!isBackward && hasMore) || (pageInfo.has('hasNextPage') && exists('after', bounds.before, rows.at(-1))),
    (isBackward && hasMore) || (pageInfo.has('hasPreviousPage') && exists('before', bounds.after, rows[0])),
  ]);
  return buildPage(rows, { hasNextPage, hasPreviousPage }, request, totalCount);
}

/** The rows of a page in their order. `fetched` has one row more than `size` if there are more. */
export function trimPage(fetched: readonly PageRow[], { isBackward, size }: PageWindow) {
  const rows = fetched.slice(0, size);
  return { rows: isBackward ? rows.reverse() : rows, hasMore: fetched.length > size };
}

/** The page as its resolver returns it. */
export function buildPage(
  rows: readonly PageRow[],
  more: Pick<PageInfo, 'hasNextPage' | 'hasPreviousPage'>,
  { cursors, order, selection }: PageRequest,
  totalCount: number | undefined,
): Page<PageRow> {
  const cursorOf = (row: PageRow | undefined): string | null => {
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

function readSlice(
  database: Reader,
  request: PageRequest,
  { after, before }: Bounds,
  window: PageWindow,
): Promise<PageRow[]> {
  const { order } = request;
  return database.read(
    `${sliceCacheKey(database, request, window)} ${after ? 'after' : ''} ${before ? 'before' : ''}`,
    (values): Query<PageRow> =>
      keysetSlice(database, request, window, values, (source) =>
        source
          .$if(after !== null, (query) => query.where(cursorCondition(order, 'after', values.afterKey, values.afterId)))
          .$if(before !== null, (query) =>
            query.where(cursorCondition(order, 'before', values.beforeKey, values.beforeId)),
          ),
      ),
    {
      ...request.values,
      afterKey: after && keyValue(after, order.kind),
      afterId: after?.id ?? null,
      beforeKey: before && keyValue(before, order.kind),
      beforeId: before?.id ?? null,
    },
    readOptions(request),
  ) as Promise<PageRow[]>;
}

/** A query that needs a custom plan may read many rows. */
function readOptions({ customPlan = false }: PageRequest): ReadOptions {
  return { customPlan, dedicatedConnection: customPlan };
}

async function existsPast(
  database: Reader,
  request: PageRequest,
  side: Side,
  position: CursorPosition,
  isInclusive: boolean,
): Promise<boolean> {
  const { cacheKey, source, values: given, order } = request;
  const found = await database.read(
    `${cacheKey} exists ${side} ${order.isDescending} ${isInclusive}`,
    (values) =>
      source(values)
        .where(cursorCondition(order, side, values.key, values.id, isInclusive))
        .select(sql`1`.as('found'))
        .limit(sql.lit(1)),
    { ...given, key: keyValue(position, order.kind), id: position.id },
    readOptions(request),
  );
  return found.length > 0;
}

async function count(database: Reader, { cacheKey, source, values: given }: PageRequest): Promise<number> {
  const [row] = await database.read(
    `${cacheKey} count`,
    (values): Query<{ count: string }> => source(values).select(sql<string>`count(*)`.as('count')),
    given,
    // The filter may match half of all rows or none: a custom plan takes half the time.
    { dedicatedConnection: true, customPlan: true },
  );
  return Number(row?.count ?? 0);
}
