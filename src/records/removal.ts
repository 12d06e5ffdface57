import type { EntityClass, EntityMetadata, EntityProperty, MetadataStorage } from '@mikro-orm/core';
import { type RawBuilder, sql } from 'kysely';
import { kindOf } from '../errors.ts';
import { Owned } from './owned.entity.ts';

type Sql = RawBuilder<unknown>;
type DeleteRule = 'cascade' | 'no action';

/** The entities that users own, each after those that refer to it: rows can be removed in this order. */
export function ownedEntities(metadata: MetadataStorage): EntityMetadata[] {
  const owned = [...metadata].filter((entity) => entity.class.prototype instanceof Owned);
  const visited = new Set<EntityMetadata>();
  const afterReferring = (entity: EntityMetadata): EntityMetadata[] => {
    if (visited.has(entity)) return [];
    visited.add(entity);
    const referring = owned.filter(({ relations }) => relations.some((reference) => refersTo(reference, entity)));
    return [...referring.flatMap(afterReferring), entity];
  };
  return owned.flatMap(afterReferring);
}

/** References to an entity from entities that users own. */
function referencesTo(metadata: MetadataStorage, target: EntityMetadata, rule: DeleteRule) {
  return ownedEntities(metadata).flatMap((entity) =>
    entity.relations
      .filter((reference) => refersTo(reference, target) && reference.deleteRule === rule)
      .map((reference) => ({ entity, columns: columnsOf(reference) })),
  );
}

/** Compares classes, because a reference has its own copy of the metadata. */
function refersTo({ targetMeta }: EntityProperty, entity: EntityMetadata): boolean {
  return targetMeta?.class === entity.class;
}

function columnsOf({ joinColumns }: EntityProperty): Sql {
  return sql.join(joinColumns.map((column) => sql.ref(column)));
}

/**
 * SQL that retires the ids in `gone (user_id, id, …)`, deleted rows of an entity by the same statement, and the ids of all that
 * goes with them, by foreign keys that cascade.
 * @param revision of the removal; it may be a column of `gone`
 */
export function retireGone(metadata: MetadataStorage, entity: EntityClass<Owned>, revision: Sql): Sql {
  const ids = idsBelow(metadata, metadata.get(entity), sql`select * from gone`, revision);
  return sql`insert into retired_id (user_id, id, kind, revision) ${sql.join(ids, sql` union `)}`;
}

function idsBelow(metadata: MetadataStorage, entity: EntityMetadata, rows: Sql, revision: Sql): Sql[] {
  const below = referencesTo(metadata, entity, 'cascade').flatMap((reference) => {
    // Only a recursive query would find all that goes with it.
    if (reference.entity === entity)
      throw new Error(`${entity.className} must not cascade to itself: use 'no action'.`);
    const referring = sql`select user_id, id from ${sql.table(reference.entity.tableName)}
      where (${reference.columns}) in (select user_id, id from (${rows}) as removed)`;
    return idsBelow(metadata, reference.entity, referring, sql`null::bigint`);
  });
  return [
    sql`select user_id, id, ${sql.lit(kindOf(entity.className))}, ${revision} from (${rows}) as removed`,
    ...below,
  ];
}

/** The condition that no other row refers to a row, which has the name of its table, so that it can be deleted. */
export function isUnreferenced(metadata: MetadataStorage, target: EntityMetadata): Sql {
  const { user_id, id } = { user_id: sql.ref(`${target.tableName}.user_id`), id: sql.ref(`${target.tableName}.id`) };
  const conditions = referencesTo(metadata, target, 'no action').map(
    ({ entity, columns }) => sql`not exists (
      select from (select ${columns} from ${sql.table(entity.tableName)}) as referring (user_id, id)
      where referring.user_id = ${user_id} and referring.id = ${id})`,
  );
  return conditions.length > 0 ? sql.join(conditions, sql` and `) : sql`true`;
}

/**
 * Common table expressions that delete rows of one owner as `gone`: from each row that matches, they follow the references
 * within the table down to a row that has none, and delete that. No search for such rows is needed.
 * @param matching the end of a query for rows, such as `and … limit …`
 */
export function deleteLowest(entity: EntityMetadata, owner: string, matching: Sql): Sql {
  const table = sql.table(entity.tableName);
  const parent = entity.relations.find((reference) => refersTo(reference, entity));
  const isBelow = parent ? sql`(${columnsOf(parent)}) = (${owner}, line.id)` : sql`false`;
  // No joins: if the tables were small when last analyzed, a join would compare every row with every other.
  const below = sql`from ${table} where ${isBelow} limit 1`;
  return sql`line as (
      (select id, ctid as row from ${table} where user_id = ${owner} ${matching})
      union
      select lower.id, lower.row from line cross join lateral (select id, ctid as row ${below}) lower
    ), gone as (
      delete from ${table} where ctid = any(array(select row from line where (select true ${below}) is null))
      returning user_id, id${entity.properties.revision ? sql`, revision` : sql``}
    )`;
}
