import type { EntityMetadata, MetadataStorage } from '@mikro-orm/core';
import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../../database/database.ts';
import { batchJob, type Job } from '../../jobs/background.ts';
import { isUnreferenced, ownedEntities, retireGone } from '../../records/removal.ts';
import { purgeLists } from './purge-lists.ts';

type Sql = RawBuilder<unknown>;

// An arbitrary number, the same in all instances: "trash" in ASCII.
const purgeLock = 0x7472617368;

/** Purges what has been in the trash for `retention` seconds. One instance at a time does the work. */
export function purgeTrash(retention: number): Job {
  const isOld = sql`deleted_at < now() - ${retention} * interval '1 second'`;
  const failure = 'the trash could not be purged';
  return {
    failure,
    // Purging need not be exact, but an hour fits the periods in the documentation.
    interval: 3_600_000,
    async run(context) {
      const items = ownedEntities(context.serviceDatabase.metadata).filter(({ properties }) => properties.deletedAt);
      await batchJob({
        failure,
        success: 'purged from the trash',
        items,
        batch: (transaction, entity, size, metadata) =>
          entity.properties.purgedAt
            ? markOld(transaction, entity, isOld, size)
            : purgeOld(transaction, metadata, entity, isOld, size),
      }).run(context);
      await purgeLists.run(context);
    },
  };
}

/** Purges records that nothing refers to, subtasks first, which were deleted earlier or together with their parents. */
async function purgeOld(
  transaction: Transaction,
  metadata: MetadataStorage,
  entity: EntityMetadata,
  isOld: Sql,
  size: Sql,
): Promise<number> {
  const { rows: locks } = await sql<{ isMine: boolean }>`
    select pg_try_advisory_xact_lock(${purgeLock}) as "isMine"`.execute(transaction);
  if (!locks[0]?.isMine) return 0;
  const table = sql.table(entity.tableName);
  const { numAffectedRows = 0n } = await sql`
    with old as (
      select user_id, id from ${table} where ${isOld} and ${isUnreferenced(metadata, entity)}
      order by deleted_at limit ${size} for update skip locked
    ), gone as (
      delete from ${table} using old where ${table}.user_id = old.user_id and ${table}.id = old.id
      returning ${table}.user_id, ${table}.id
    )
    ${retireGone(metadata, entity.class)}`.execute(transaction);
  return Number(numAffectedRows);
}

/** Marks records as purged: they can no longer be read or restored, and another job removes them. */
async function markOld(transaction: Transaction, entity: EntityMetadata, isOld: Sql, size: Sql): Promise<number> {
  const table = sql.table(entity.tableName);
  const { numAffectedRows = 0n } = await sql`
    update ${table} set purged_at = now() where ctid = any(array(
      select ctid from ${table}
      where deleted_at is not null and purged_at is null and ${isOld}
      limit ${size} for update skip locked))`.execute(transaction);
  return Number(numAffectedRows);
}
