import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Reader } from '../../database/database.ts';
import { columnsCacheKey, selectedColumns, tableOf } from '../columns.ts';
import { recordSelection } from '../selection.ts';
import { type CursorPosition, isInfinity, type KeyKind } from './cursor.ts';
import type { PageWindow } from './page-args.ts';
import type { PageOrder, PageRequest, PageRow, Source, Values } from './page-request.ts';

/** The cache key of `keysetSlice`, except for what `restrict` adds. */
export function sliceCacheKey(
  database: Reader,
  { cacheKey, columns, selection, order }: PageRequest,
  window: PageWindow,
): string {
  const fields = columnsCacheKey(database, columns, recordSelection(selection));
  return `${cacheKey} ${fields} ${window.size} ${order.isDescending} ${directionOf(order, window)}`;
}

/** The selected columns of the first rows from one end of the order, with their keys. */
export function keysetSlice(
  database: Reader,
  { source, parts = [source], columns, selection, order }: PageRequest,
  window: PageWindow,
  values: Values,
  restrict: (source: Source) => Source = (source) => source,
): SelectQueryBuilder<never, never, PageRow> {
  const table = tableOf(database, columns);
  const direction = directionOf(order, window);
  // Not a parameter: with an unknown limit PostgreSQL plans at every execution, a fifth to a half of a page's time.
  const limit = sql.lit(window.size + 1);
  const [first, second] = parts.map((part) => {
    const rows = restrict(part(values))
      .selectAll(table)
      .select([sql<string | number>`${order.key}`.as('orderKey'), sql<string>`id`.as('orderId')]);
    return [...(order.prefix ?? []), order.key, sql`id`]
      .reduce<Source>((sorted, key) => sorted.orderBy(key, direction), rows)
      .limit(limit);
  });
  // Each part yields a page; the first rows of both are the page of the whole.
  const rows = second ? sql<PageRow>`(${first} union all ${second})` : sql<PageRow>`(${first})`;
  // Selected in an outer query: PostgreSQL underestimates computed columns, and would compute them for every row it sorts.
  const selected = database.kysely
    .selectFrom(rows.as(table))
    .select([
      ...selectedColumns(database, columns, recordSelection(selection), table),
      sql`"orderKey"`.as('orderKey'),
      sql`"orderId"`.as('orderId'),
    ])
    .orderBy(sql`"orderKey"`, direction)
    .orderBy(sql`"orderId"`, direction);
  return (second ? selected.limit(limit) : selected) as unknown as SelectQueryBuilder<never, never, PageRow>;
}

export function directionOf({ isDescending }: PageOrder, { isBackward }: PageWindow): 'asc' | 'desc' {
  return isDescending === isBackward ? 'asc' : 'desc';
}

export type Side = 'after' | 'before';

/** The condition for rows after or before a cursor: a row comparison that an index on (owner, key, id) answers. */
export function cursorCondition(
  order: PageOrder,
  side: Side,
  key: unknown,
  id: unknown,
  isInclusive = false,
): Expression<SqlBool> {
  const operator = ((side === 'after') !== order.isDescending ? '>' : '<') + (isInclusive ? '=' : '');
  return sql<SqlBool>`(${order.key}, id) ${sql.raw(operator)} (${key}, ${id})`;
}

/** The cursor position of a row. */
export function positionOf({ orderKey, orderId }: PageRow, kind: KeyKind): CursorPosition {
  if (kind === 'instant') return { key: new Date(orderKey).getTime(), id: orderId };
  const isWallClock = kind === 'wallClock' && !isInfinity(orderKey);
  return { key: isWallClock ? Date.parse(`${String(orderKey).replace(' ', 'T')}Z`) : orderKey, id: orderId };
}

/** The key of a cursor position as the database compares it. */
export function keyValue({ key }: CursorPosition, kind: KeyKind): Date | string | number {
  if (kind === 'instant') return new Date(key);
  return kind === 'wallClock' && !isInfinity(key) ? new Date(key).toISOString().slice(0, -1) : key;
}
