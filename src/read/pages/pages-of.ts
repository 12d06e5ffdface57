import DataLoader from 'dataloader';
import { sql } from 'kysely';
import type { Reader } from '../../database/database.ts';
import type { Query } from '../../database/statements.ts';
import type { Context } from '../../graphql/server/context.ts';
import type { Selection } from '../selection.ts';
import type { Page } from './connection.ts';
import { directionOf, stretch, stretchShape } from './keyset-slice.ts';
import { cutPage, pageOf, readPage } from './page.ts';
import { type PageArgs, type PageWindow, windowOf } from './page-args.ts';
import type { Keyed, PageRequest } from './page-request.ts';

/** A page below each of several records. `source` finds the record's id in `values.parentId`. */
interface PagesRequest extends PageRequest {
  /** Where a row has the id of the record that it belongs to, as in `task.list_id`. */
  readonly parentColumn: string;
  /** Whether there is an index that has each record's rows in this order. */
  readonly isIndexedByParent: boolean;
}

/** What a request reads together, by what is selected and by what else tells it apart. */
type Loaders = Map<Selection, Map<string, DataLoader<string, Page<Keyed>>>>;

const loadersOf = new WeakMap<Context, Loaders>();

/**
 * A page of a record's, such as the subtasks of a task. The pages that one operation asks for below a whole page of
 * records are read together: the number of statements does not grow with the records.
 * @param parent the record, and which request is made for it where that differs among the records
 * @param selection below the field: one object for all the records, whose arguments are the same (see `Selected`)
 * @param request made once for all the records, a tenth of a page of twenty tasks with their subtasks
 */
export function readPageOf(
  context: Context,
  { id, variant = '' }: { readonly id: string; readonly variant?: string },
  { after, before }: PageArgs,
  selection: Selection,
  request: () => PagesRequest,
): Promise<Page<Keyed>> {
  const { db } = context;
  // A cursor belongs to one record, so that there is nothing to read together.
  if (typeof after === 'string' || typeof before === 'string') {
    const alone = request();
    const values = { ...alone.values, parentId: id };
    return readPage(db, { ...alone, values, cursors: alone.cursors.below(id) });
  }
  const loaders = loadersOf.get(context) ?? (new Map() as Loaders);
  loadersOf.set(context, loaders);
  const ofSelection = loaders.get(selection) ?? new Map<string, DataLoader<string, Page<Keyed>>>();
  const loader = ofSelection.get(variant) ?? loaderOf(db, request());
  loaders.set(selection, ofSelection.set(variant, loader));
  return loader.load(id);
}

function loaderOf(db: Reader, request: PagesRequest): DataLoader<string, Page<Keyed>> {
  const loader: DataLoader<string, Page<Keyed>> = new DataLoader((ids) => {
    // A later mutation of the same request may change what is read here.
    loader.clearAll();
    return readPages(db, ids, request);
  });
  return loader;
}

async function readPages(db: Reader, parentIds: readonly string[], request: PagesRequest): Promise<Page<Keyed>[]> {
  const window = windowOf(request.args);
  const [rows, counts] = await Promise.all([
    readStretches(db, parentIds, request, window),
    request.selection.has('totalCount') ? countAll(db, parentIds, request) : undefined,
  ]);
  const byParent = Map.groupBy(rows, ({ parentId }) => parentId);
  return parentIds.map((parentId) => {
    const { rows: page, hasMore } = cutPage(byParent.get(parentId) ?? [], window);
    const { isBackward } = window;
    const more = { hasNextPage: !isBackward && hasMore, hasPreviousPage: isBackward && hasMore };
    const cursors = request.cursors.below(parentId);
    return pageOf(page, more, { ...request, cursors }, counts && (counts.get(parentId) ?? 0));
  });
}

type Below = Keyed & { readonly parentId: string };

function readStretches(
  db: Reader,
  parentIds: readonly string[],
  request: PagesRequest,
  window: PageWindow,
): Promise<Below[]> {
  const { customPlan = false } = request;
  const direction = directionOf(request.order, window);
  // Without such an index PostgreSQL would walk the whole order once for each of them; a key that it does not recognize
  // makes it sort each one's rows instead.
  const isSorted = !request.isIndexedByParent && parentIds.length > 1;
  const order = isSorted ? { ...request.order, key: sql`(select ${request.order.key})` } : request.order;
  return db.read(
    `${stretchShape(db, request, window)} each ${isSorted}`,
    (values): Query<Below> => {
      const page = stretch(db, { ...request, order }, window, { ...values, parentId: sql.ref('parent.id') });
      const query = sql<Below>`
        select parent.id as "parentId", page.* from unnest(${values.parentIds}::uuid[]) as parent(id)
        cross join lateral ${page} as page
        order by page."orderKey" ${sql.raw(direction)}, page."orderId" ${sql.raw(direction)}`;
      return { compile: () => query.compile(db.kysely) };
    },
    { ...request.values, parentIds },
    { dedicatedConnection: !request.isIndexedByParent || customPlan, customPlan },
  ) as Promise<Below[]>;
}

async function countAll(
  db: Reader,
  parentIds: readonly string[],
  { shape, source, values: given, parentColumn }: PagesRequest,
): Promise<Map<string, number>> {
  const rows = await db.read(
    `${shape} count each`,
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
