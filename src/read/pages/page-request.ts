import type { Expression, SelectQueryBuilder } from 'kysely';
import type { Columns } from '../columns.ts';
import type { Selection } from '../selection.ts';
import type { Cursors, KeyKind } from './cursor.ts';
import type { PageArgs } from './page-args.ts';

/** What the rows are sorted by. Ties are broken by id, in the same direction, so that one index serves both ways. */
export interface PageOrder {
  /** Columns that are the same in all rows, where the index that serves the order has them before the key. */
  readonly prefix?: readonly Expression<unknown>[];
  readonly key: Expression<unknown>;
  readonly kind: KeyKind;
  readonly isDescending: boolean;
}

/** A record as a page holds it, with its place. */
export type Keyed = Record<string, unknown> & { readonly orderKey: string | number; readonly orderId: string };

// biome-ignore lint/suspicious/noExplicitAny: pages are cut from any table; what a row holds, its columns say
export type Source = SelectQueryBuilder<any, any, object>;

export type Values = Readonly<Record<string, unknown>>;

export interface PageRequest {
  /** Names what `source` and `order` put into the text of a query: different texts, different shapes. */
  readonly shape: string;
  /** What `source` takes as parameters, beside `owner`. */
  readonly values: Values;
  /** The rows that the page is cut from: that owner's, filtered; nothing selected, sorted or limited. */
  readonly source: (values: Values) => Source;
  /** The same rows in parts, where each has an index for the order and the whole has none. */
  readonly parts?: readonly ((values: Values) => Source)[];
  /** Of the records, whose table goes by its own name in `source`. */
  readonly columns: Columns;
  /** Whether the best way to find the rows depends on the values. */
  readonly customPlan?: boolean;
  readonly order: PageOrder;
  readonly cursors: Cursors;
  readonly args: PageArgs;
  /** Below the connection. */
  readonly selection: Selection;
}
