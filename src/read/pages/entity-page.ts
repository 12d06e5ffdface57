import { setImmediate } from 'node:timers/promises';
import type { EntityClass, EntityKey, FilterObject, FilterQuery, QueryOrderMap } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { GraphQLResolveInfo } from 'graphql';
import { UserQueues } from '../../database/user-changes/user-queues.ts';
import { selectionAt, selectionOf } from '../selection.ts';
import type { Page } from './connection.ts';
import { CursorCodec } from './cursor.ts';
import { type PageArgs, windowOf } from './page-args.ts';

interface PageOptions<Entity> {
  /** A key that is never null, then the id, in the same direction. */
  readonly orderBy: QueryOrderMap<Entity>;
  readonly args: PageArgs;
  /** Of the connection's field: only what is selected is counted and looked up. */
  readonly info: GraphQLResolveInfo;
}

/** A user's pages are read one at a time: creating a hundred entities occupies the event loop for milliseconds. */
const pages = new UserQueues(1);

/**
 * Reads a page of the owner's entities by keyset pagination: the cost does not grow with the distance from the start, and
 * entities that are added or removed meanwhile make no other one appear twice or be skipped.
 * @throws AppError BAD_USER_INPUT for a cursor of another field or owner, RATE_LIMITED if too many of the owner's pages wait
 */
export function readEntityPage<Entity extends { readonly id: string }>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  options: PageOptions<Entity>,
): Promise<Page<Entity>> {
  return pages.run(em.getFilterParams('owner').id, async () => {
    const page = await readPage(em, entity, options);
    // Other users' work runs before the next page.
    await setImmediate();
    return page;
  });
}

async function readPage<Entity extends { readonly id: string }>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  { args, info, ...options }: PageOptions<Entity>,
): Promise<Page<Entity>> {
  const { isBackward, size } = windowOf(args);
  const order = new OrderedEntities(em, entity, options, info.fieldName);
  const [after, before] = [order.positionAt(args, 'after'), order.positionAt(args, 'before')];
  const selection = selectionOf(info);
  const [nodes, totalCount] = await Promise.all([
    order.find(isBackward ? 'last' : 'first', size + 1, { ...(after && { after }), ...(before && { before }) }),
    selection.has('totalCount') ? em.count(entity) : undefined,
  ]);
  const hasMore = nodes.length > size;
  if (hasMore) nodes.splice(isBackward ? 0 : -1, 1);
  const asked = selectionAt(selection, 'pageInfo');
  const [hasNextPage, hasPreviousPage] = await Promise.all([
    (!isBackward && hasMore) || (asked.has('hasNextPage') && order.hasMore('after', before, nodes.at(-1))),
    (isBackward && hasMore) || (asked.has('hasPreviousPage') && order.hasMore('before', after, nodes[0])),
  ]);
  const [startCursor, endCursor] = [order.cursorOf(nodes[0]), order.cursorOf(nodes.at(-1))];
  const edges = nodes.map((node) => ({ node, cursor: selection.has('edges') ? order.cursorOf(node) : '' }));
  const pageInfo = { hasNextPage, hasPreviousPage, startCursor, endCursor };
  return { nodes, edges, pageInfo, ...(totalCount === undefined ? {} : { totalCount }) };
}

/** The owner's entities in one order. */
class OrderedEntities<Entity extends { readonly id: string }> {
  readonly #em: EntityManager;
  readonly #entity: EntityClass<Entity>;
  readonly #options: Pick<PageOptions<Entity>, 'orderBy'>;
  readonly #key: EntityKey<Entity>;
  readonly #isTime: boolean;
  readonly #cursors: CursorCodec;

  /** @param field the field that its cursors are valid for */
  constructor(
    em: EntityManager,
    entity: EntityClass<Entity>,
    options: Pick<PageOptions<Entity>, 'orderBy'>,
    field: string,
  ) {
    this.#em = em;
    this.#entity = entity;
    this.#options = options;
    const [key] = Object.keys(options.orderBy);
    this.#key = key as EntityKey<Entity>;
    this.#isTime = em.getMetadata(entity).properties[this.#key].type === 'datetime';
    this.#cursors = new CursorCodec(this.#isTime ? 'instant' : 'text', em.getFilterParams('owner').id, field);
  }

  cursorOf(entity: Entity): string;
  cursorOf(entity: Entity | undefined): string | null;
  cursorOf(entity: Entity | undefined): string | null {
    if (entity === undefined) return null;
    const key: unknown = entity[this.#key];
    return this.#cursors.encode({ key: key instanceof Date ? key.getTime() : String(key), id: entity.id });
  }

  positionAt(args: PageArgs, argument: 'after' | 'before'): FilterObject<Entity> | undefined {
    const cursor = args[argument];
    if (typeof cursor !== 'string') return undefined;
    const { key, id } = this.#cursors.decode(cursor, argument);
    // The key is known by name only, so the type has to be asserted.
    return { [this.#key]: this.#isTime ? new Date(key) : key, id } as FilterObject<Entity>;
  }

  async find(
    end: 'first' | 'last',
    count: number,
    bounds: { after?: FilterObject<Entity>; before?: FilterObject<Entity> },
  ) {
    const { items } = await this.#em.findByCursor<Entity, never, never, never, false>(this.#entity, {
      ...this.#options,
      ...bounds,
      [end]: count,
      overfetch: false,
      includeCount: false,
    });
    return items as Entity[];
  }

  /** Whether there are entities past the page's edge, or, for an empty page, at or past the cursor. */
  async hasMore(
    side: 'after' | 'before',
    cursor: FilterObject<Entity> | undefined,
    edge: Entity | undefined,
  ): Promise<boolean> {
    if (cursor === undefined) return false;
    const found = await this.find(side === 'after' ? 'first' : 'last', 1, { [side]: edge ?? cursor });
    if (found.length > 0 || edge !== undefined) return found.length > 0;
    return (await this.#em.count(this.#entity, cursor as FilterQuery<Entity>)) > 0;
  }
}
