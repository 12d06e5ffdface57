import { type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/database.ts';

type Sql = RawBuilder<unknown>;

/** The system identifier and the timeline: another cluster, or one that was restored to an earlier point, has others. */
const cluster: Sql = sql`
  (select system_identifier from pg_control_system()) || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8)`;

const known = new WeakMap<object, Promise<Sql>>();

/**
 * SQL for a text that identifies the life of the database: in another one, revisions may be issued a second time. It is read with
 * every page, since a database may be restored while the server runs.
 */
export function databaseLife(db: Database): Promise<Sql> {
  const life = known.get(db.metadata) ?? findLife(db);
  known.set(db.metadata, life);
  life.catch(() => known.delete(db.metadata));
  return life;
}

/** Some providers do not let the role read the cluster's identity: there, only the epoch tells. */
async function findLife(db: Database): Promise<Sql> {
  const [row] = await db.read(
    'may read the cluster',
    () =>
      db.kysely.selectNoFrom(
        sql<boolean>`(
          select bool_and(has_function_privilege(name, 'execute'))
          from unnest(array['pg_control_system()', 'pg_current_wal_lsn()', 'pg_walfile_name(pg_lsn)']) name)`.as(
          'isAllowed',
        ),
      ),
    {},
  );
  const epoch = sql`(select epoch from change_epoch)`;
  return row?.isAllowed ? sql`${epoch} || ' ' || ${cluster}` : sql`${epoch}::text`;
}
