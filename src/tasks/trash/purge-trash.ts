import type { EntityMetadata, MetadataStorage } from '@mikro-orm/core';
import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import type { Revision } from '../../database/user-changes/revisions.ts';
import { inUserBatches } from '../../jobs/batches.ts';
import { type UserJob, userJob } from '../../jobs/job.ts';
import { isUnreferenced, ownedEntities, retireGone } from '../../records/removal.ts';
import { removePurgedLists } from './purge-lists.ts';

type Sql = RawBuilder<unknown>;

/** Purges what has been in a user's trash for `retention` seconds. */
export function purgeTrash(retention: number): UserJob {
  const isOld = sql`deleted_at < now() - ${sql.lit(retention)} * interval '1 second'`;
  const owed = (metadata: MetadataStorage): Sql => {
    const usersOf = ({ tableName, properties }: EntityMetadata) =>
      sql`select user_id as "user" from ${sql.table(tableName)}
        where ${isOld}${properties.purgedAt ? sql` and purged_at is null` : sql``}`;
    return sql.join(withTrash(metadata).map(usersOf), sql` union `);
  };
  return userJob('purge-trash', owed, async (user, context) => {
    const isDue = sql`user_id = ${user} and ${isOld}`;
    for (const entity of withTrash(context.serviceDatabase.metadata)) {
      await inUserBatches(context, user, 'purged from the trash', (transaction, size, metadata, revision) =>
        entity.properties.purgedAt
          ? markOld(transaction, entity, isDue, size, revision)
          : purgeOld(transaction, metadata, entity, isDue, size, revision),
      );
    }
    await removePurgedLists(user, context);
  });
}

function withTrash(metadata: MetadataStorage): EntityMetadata[] {
  return ownedEntities(metadata).filter(({ properties }) => properties.deletedAt);
}

/** Purges records that nothing refers to, subtasks first, which were deleted earlier or together with their parents. */
async function purgeOld(
  transaction: Transaction,
  metadata: MetadataStorage,
  entity: EntityMetadata,
  isDue: Sql,
  size: Sql,
  revision: Revision,
): Promise<number> {
  const table = sql.table(entity.tableName);
  const { numAffectedRows = 0n } = await sql`
    with old as (
      select user_id, id from ${table} where ${isDue} and ${isUnreferenced(metadata, entity)}
      order by deleted_at limit ${size} for update skip locked
    ), gone as (
      delete from ${table} using old where ${table}.user_id = old.user_id and ${table}.id = old.id
      returning ${table}.user_id, ${table}.id
    )
    ${retireGone(metadata, entity.class, sql`${revision.next}::bigint`)}`.execute(transaction);
  return Number(numAffectedRows);
}

/** Marks records as purged: they can no longer be read or restored, and another job removes them. */
async function markOld(
  transaction: Transaction,
  entity: EntityMetadata,
  isDue: Sql,
  size: Sql,
  revision: Revision,
): Promise<number> {
  const table = sql.table(entity.tableName);
  const { numAffectedRows = 0n } = await sql`
    update ${table} set purged_at = now(), revision = ${revision.next} where ctid = any(array(
      select ctid from ${table}
      where deleted_at is not null and purged_at is null and ${isDue}
      limit ${size} for update skip locked))`.execute(transaction);
  return Number(numAffectedRows);
}
