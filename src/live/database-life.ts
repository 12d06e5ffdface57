import { type RawBuilder, sql } from 'kysely';
import { codeOf } from '../database/connections/connection-failures.ts';
import type { Database } from '../database/database.ts';

type Sql = RawBuilder<unknown>;

/** What identifies the life of the database: in another one, revisions may be issued a second time. */
export interface DatabaseLife {
  readonly epoch: string;
  /** null: the role may not read it. */
  readonly cluster: string | null;
}

/** SQL for the columns of a DatabaseLife. */
interface LifeColumns {
  readonly cacheKey: string;
  readonly columns: Sql;
}

const epoch = sql`(select epoch from change_epoch)::text as epoch`;

/** Some providers do not let the role read the cluster's identity: there, only the epoch tells. */
const epochAlone: LifeColumns = { cacheKey: 'epoch', columns: sql`${epoch}, null::text as cluster` };

/** The system identifier and the timeline: another cluster, or one that was restored to an earlier point, has others. */
const whole: LifeColumns = {
  cacheKey: 'cluster',
  columns: sql`${epoch},
    (select system_identifier from pg_control_system()) || '/' || left(pg_walfile_name(pg_current_wal_lsn()), 8) as cluster`,
};

const insufficientPrivilege = '42501';

const known = new WeakMap<object, Promise<LifeColumns>>();

/**
 * Reads with the columns of a DatabaseLife. It is read with every page, since a database may be restored while the server runs,
 * and since the role may lose the right to read the cluster's identity.
 */
export async function readWithLife<Row>(db: Database, read: (life: LifeColumns) => Promise<Row>): Promise<Row> {
  const life = await (known.get(db.metadata) ?? findColumns(db));
  try {
    return await read(life);
  } catch (error) {
    if (codeOf(error) !== insufficientPrivilege) throw error;
    const allowed = await findColumns(db);
    if (allowed === life) throw error;
    return await read(allowed);
  }
}

function findColumns(db: Database): Promise<LifeColumns> {
  const found = readColumns(db);
  known.set(db.metadata, found);
  found.catch(() => known.delete(db.metadata));
  return found;
}

async function readColumns(db: Database): Promise<LifeColumns> {
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
  return row?.isAllowed ? whole : epochAlone;
}
