import type { Expression, SelectQueryBuilder } from 'kysely';
import type { Columns } from '../columns.ts';
import type { Selection } from '../selection.ts';
import type { CursorCodec, KeyKind } from './cursor.ts';
import type { PageArgs } from './page-args.ts';

/** The order of the rows. Ties are broken by id, in the same direction, so that one index serves both directions. */
export interface PageOrder {
  /** Columns with the same value in all rows, if the order's index has them before the key. */
  readonly prefix?: readonly Expression<unknown>[];
  readonly key: Expression<unknown>;
  readonly kind: KeyKind;
  readonly isDescending: boolean;
}

/** A record of a page, with its sort key and id. */
export type PageRow = Record<string, unknown> & { readonly orderKey: string | number; readonly orderId: string };

// biome-ignore lint/suspicious/noExplicitAny: pages are read from any table; `columns` says what a row holds
export type Source = SelectQueryBuilder<any, any, object>;

export type Values = Readonly<Record<string, unknown>>;

export interface PageRequest {
  /** Identifies the SQL text that `source` and `order` produce: different texts need different keys. */
  readonly cacheKey: string;
  /** The parameters of `source`, in addition to `owner`. */
  readonly values: Values;
  /** The owner's rows, filtered; nothing selected, sorted or limited. */
  readonly source: (values: Values) => Source;
  /** The same rows in parts, if only the parts have an index for the order. */
  readonly parts?: readonly ((values: Values) => Source)[];
  /** Of the records; `source` uses their table under its own name. */
  readonly columns: Columns;
  /** Whether the best plan depends on the values. */
  readonly customPlan?: boolean;
  readonly order: PageOrder;
  readonly cursors: CursorCodec;
  readonly args: PageArgs;
  /** The selection below the connection. */
  readonly selection: Selection;
}
