import DataLoader from 'dataloader';
import { sql } from 'kysely';
import type { Reader } from '../../database/database.ts';
import type { Query } from '../../database/statements.ts';
import type { Context } from '../../graphql/server/context.ts';
import type { Selection } from '../selection.ts';
import type { Page } from './connection.ts';
import { directionOf, keysetSlice, sliceCacheKey } from './keyset-slice.ts';
import { buildPage, readPage, trimPage } from './page.ts';
import { type PageArgs, type PageWindow, windowOf } from './page-args.ts';
import type { PageRequest, PageRow } from './page-request.ts';

/** A page below each of several records. `values.parentId` is the id of the record. */
interface NestedPageRequest extends PageRequest {
  /** The column with the parent's id, such as `task.list_id`. */
  readonly parentColumn: string;
  /** Whether an index has each parent's rows in this order. */
  readonly isIndexedByParent: boolean;
}

/** The loaders of a request, by selection and by variant. */
type Loaders = Map<Selection, Map<string, DataLoader<string, Page<PageRow>>>>;

const loadersOf = new WeakMap<Context, Loaders>();

/**
 * Reads a connection below a record, such as the subtasks of a task. The nested pages below a whole page of records are
 * read together: the number of statements does not grow with the records.
 * @param parent the record; `variant` names its request, if that differs among the records
 * @param selection below the field: the same object for all records with the same arguments (see `Selected`)
 * @param request called once for all records
 */
export function readNestedPage(
  context: Context,
  { id, variant = '' }: { readonly id: string; readonly variant?: string },
  { after, before }: PageArgs,
  selection: Selection,
  request: () => NestedPageRequest,
): Promise<Page<PageRow>> {
  const { db } = context;
  // A cursor belongs to one record: there is nothing to batch.
  if (typeof after === 'string' || typeof before === 'string') {
    const alone = request();
    const values = { ...alone.values, parentId: id };
    return readPage(db, { ...alone, values, cursors: alone.cursors.below(id) });
  }
  const loaders = loadersOf.get(context) ?? (new Map() as Loaders);
  loadersOf.set(context, loaders);
  const ofSelection = loaders.get(selection) ?? new Map<string, DataLoader<string, Page<PageRow>>>();
  const loader = ofSelection.get(variant) ?? loaderOf(db, request());
  loaders.set(selection, ofSelection.set(variant, loader));
  return loader.load(id);
}

function loaderOf(db: Reader, request: NestedPageRequest): DataLoader<string, Page<PageRow>> {
  const loader: DataLoader<string, Page<PageRow>> = new DataLoader((ids) => {
    // A later mutation of the same request may change these pages.
    loader.clearAll();
    return readPages(db, ids, request);
  });
  return loader;
}

async function readPages(
  db: Reader,
  parentIds: readonly string[],
  request: NestedPageRequest,
): Promise<Page<PageRow>[]> {
  const window = windowOf(request.args);
  const [rows, counts] = await Promise.all([
    readSlices(db, parentIds, request, window),
    request.selection.has('totalCount') ? countEach(db, parentIds, request) : undefined,
  ]);
  const byParent = Map.groupBy(rows, ({ parentId }) => parentId);
  return parentIds.map((parentId) => {
    const { rows: page, hasMore } = trimPage(byParent.get(parentId) ?? [], window);
    const { isBackward } = window;
    const more = { hasNextPage: !isBackward && hasMore, hasPreviousPage: isBackward && hasMore };
    const cursors = request.cursors.below(parentId);
    return buildPage(page, more, { ...request, cursors }, counts && (counts.get(parentId) ?? 0));
  });
}

type NestedRow = PageRow & { readonly parentId: string };

function readSlices(
  db: Reader,
  parentIds: readonly string[],
  request: NestedPageRequest,
  window: PageWindow,
): Promise<NestedRow[]> {
  const { customPlan = false } = request;
  const direction = directionOf(request.order, window);
  // Without such an index PostgreSQL would scan the whole order's index once per parent; wrapping the key in a subquery
  // hides that index, so that it sorts each parent's rows instead.
  const isSorted = !request.isIndexedByParent && parentIds.length > 1;
  const order = isSorted ? { ...request.order, key: sql`(select ${request.order.key})` } : request.order;
  return db.read(
    `${sliceCacheKey(db, request, window)} each ${isSorted}`,
    (values): Query<NestedRow> => {
      const page = keysetSlice(db, { ...request, order }, window, { ...values, parentId: sql.ref('parent.id') });
      const query = sql<NestedRow>`
        select parent.id as "parentId", page.* from unnest(${values.parentIds}::uuid[]) as parent(id)
        cross join lateral ${page} as page
        order by page."orderKey" ${sql.raw(direction)}, page."orderId" ${sql.raw(direction)}`;
      return { compile: () => query.compile(db.kysely) };
    },
    { ...request.values, parentIds },
    { dedicatedConnection: !request.isIndexedByParent || customPlan, customPlan },
  ) as Promise<NestedRow[]>;
}

async function countEach(
  db: Reader,
  parentIds: readonly string[],
  { cacheKey, source, values: given, parentColumn }: NestedPageRequest,
): Promise<Map<string, number>> {
  const rows = await db.read(
    `${cacheKey} count each`,
    (values): Query<{ parentId: string; count: string }> => {
      const all = source({ ...values, parentId: sql`any(${values.parentIds}::uuid[])` });
      const query = sql<{ parentId: string; count: string }>`
        select counted."parentId", count(*) as count from ${all.select(sql.ref(parentColumn).as('parentId'))} as counted group by 1`;
      return { compile: () => query.compile(db.kysely) };
    },
    { ...given, parentIds },
    { dedicatedConnection: true, customPlan: true },
  );
  return new Map(rows.map(({ parentId, count }) => [parentId, Number(count)]));
}
