import { type Expression, type SelectQueryBuilder, type SqlBool, sql } from 'kysely';
import type { Reader } from '../../database/database.ts';
import { selectedColumns, shapeOf, tableOf } from '../columns.ts';
import { recordSelection } from '../selection.ts';
import { isInfinity, type KeyKind, type Position } from './cursor.ts';
import type { PageWindow } from './page-args.ts';
import type { Keyed, PageOrder, PageRequest, Source, Values } from './page-request.ts';

/** Names the text of `stretch`, as far as it does not depend on `bound`. */
export function stretchShape(
  database: Reader,
  { shape, columns, selection, order }: PageRequest,
  window: PageWindow,
): string {
  const fields = shapeOf(database, columns, recordSelection(selection));
  return `${shape} ${fields} ${window.size} ${order.isDescending} ${directionOf(order, window)}`;
}

/** The selected columns of the rows from one end of the order on, with their places. */
export function stretch(
  database: Reader,
  { source, parts = [source], columns, selection, order }: PageRequest,
  window: PageWindow,
  values: Values,
  bound: (source: Source) => Source = (source) => source,
): SelectQueryBuilder<never, never, Keyed> {
  const table = tableOf(database, columns);
  const direction = directionOf(order, window);
  // Not a parameter: for a number that it does not know PostgreSQL plans anew each time, a fifth to a half of a page.
  const limit = sql.lit(window.size + 1);
  const [first, second] = parts.map((part) => {
    const rows = bound(part(values))
      .selectAll(table)
      .select([sql<string | number>`${order.key}`.as('orderKey'), sql<string>`id`.as('orderId')]);
    return [...(order.prefix ?? []), order.key, sql`id`]
      .reduce<Source>((sorted, key) => sorted.orderBy(key, direction), rows)
      .limit(limit);
  });
  // Each part gives a page of its own, of which the first rows are the page of the whole.
  const rows = second ? sql<Keyed>`(${first} union all ${second})` : sql<Keyed>`(${first})`;
  // Of these rows alone: what is selected may take longer to make than PostgreSQL believes, who would have it made of all
  // that it sorts.
  const selected = database.kysely
    .selectFrom(rows.as(table))
    .select([
      ...selectedColumns(database, columns, recordSelection(selection), table),
      sql`"orderKey"`.as('orderKey'),
      sql`"orderId"`.as('orderId'),
    ])
    .orderBy(sql`"orderKey"`, direction)
    .orderBy(sql`"orderId"`, direction);
  return (second ? selected.limit(limit) : selected) as unknown as SelectQueryBuilder<never, never, Keyed>;
}

export function directionOf({ isDescending }: PageOrder, { isBackward }: PageWindow): 'asc' | 'desc' {
  return isDescending === isBackward ? 'asc' : 'desc';
}

export type Side = 'after' | 'before';

/** The rows on one side of a position, as the row comparison that an index on (owner, key, id) answers. */
export function beyond(
  order: PageOrder,
  side: Side,
  key: unknown,
  id: unknown,
  isInclusive = false,
): Expression<SqlBool> {
  const operator = ((side === 'after') !== order.isDescending ? '>' : '<') + (isInclusive ? '=' : '');
  return sql<SqlBool>`(${order.key}, id) ${sql.raw(operator)} (${key}, ${id})`;
}

/** The place of a record that a page holds. */
export function positionOf({ orderKey, orderId }: Keyed, kind: KeyKind): Position {
  if (kind === 'instant') return { key: new Date(orderKey).getTime(), id: orderId };
  const isWallClock = kind === 'wallClock' && !isInfinity(orderKey);
  return { key: isWallClock ? Date.parse(`${String(orderKey).replace(' ', 'T')}Z`) : orderKey, id: orderId };
}

/** A place's key as the database compares it. */
export function keyValue({ key }: Position, kind: KeyKind): Date | string | number {
  if (kind === 'instant') return new Date(key);
  return kind === 'wallClock' && !isInfinity(key) ? new Date(key).toISOString().slice(0, -1) : key;
}
