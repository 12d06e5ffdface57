import { join } from 'node:path';
import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, type EventSubscriber, MikroORM, type Ref } from '@mikro-orm/postgresql';
import type { ClientBase } from 'pg';
import { kindOf, notFound, unknownId } from '../errors.ts';
import { entities } from '../records.ts';
import { ServerInRecovery } from './connections/checked-query.ts';
import { Driver } from './connections/driver.ts';
import { sessionSetup } from './connections/session-settings.ts';
import { withTimeout } from './connections/time-limit.ts';
import { inspectDatabase } from './inspect.ts';
import { jobsSchema } from './job-tables.ts';
import type { Location } from './location.ts';
import { migrations } from './migrations.ts';

/** Seconds to wait for a free connection before the request fails with SERVICE_UNAVAILABLE. */
const connectionTimeout = 5;

/** Milliseconds to set up a new connection. */
const sessionSetupTimeout = 3_000;

// Next to this file, both in src/ and in dist/.
const migrationsFolder = join(import.meta.dirname, 'migrations');

/** Checks the owner when entities are flushed: MikroORM applies the filter `owner` only to queries. */
const ownerOfChanges: EventSubscriber = {
  onFlush({ em, uow }) {
    const owner: { readonly id: string } | undefined = em.getFilterParams('owner');
    if (owner === undefined) return;
    for (const { entity } of uow.getChangeSets()) {
      const { user, id }: { readonly user?: Ref<{ id: string }>; readonly id?: string } = entity;
      if ((user?.id ?? id) !== owner.id) throw new Error('A change of one user would write a record of another user.');
    }
  },
};

/** Options of the ORM for the server, the commands and MikroORM's command line. */
export function ormOptions(databaseUrl: string, poolSize: number, { database, schema, searchPath }: Location) {
  return defineConfig({
    driver: Driver,
    entities,
    subscribers: [ownerOfChanges],
    // A retired id has the kind of its record.
    findOneOrFailHandler: (entity, where) => notFound(unknownId(Object(where).kind ?? kindOf(entity))),
    // The foreign keys contain the owner, so that related records need no filter. With a join for it, the user's row would be
    // locked with each record. The second option does not follow from the first, although its documentation says so.
    filtersOnRelations: false,
    autoJoinRefsForFilters: false,
    // No relation has an inverse side to keep in sync, and the accessors for it take a tenth of the time to read a page.
    propagationOnPrototype: false,
    clientUrl: databaseUrl,
    dbName: database,
    // For the ORM's own objects, such as the table of migrations.
    schema,
    pool: { min: 0, max: poolSize },
    driverOptions: {
      // The whole URL, because the ORM does not pass on parameters such as sslmode.
      connectionString: databaseUrl,
      // By default, pg waits for ever.
      connectionTimeoutMillis: connectionTimeout * 1_000,
      onConnect: (client: ClientBase) => setUpSession(client, sessionSetup(searchPath)),
      keepAlive: true,
    },
    // todoql does not create the database; checking for it would cost a statement at every start.
    ensureDatabase: false,
    extensions: [Migrator],
    // They have versions of their own: see job-tables.ts.
    // Nor the policies, which only some databases have: see row-security.ts.
    schemaGenerator: { ignoreSchema: [jobsSchema(schema)], ignorePolicies: true },
    migrations: {
      path: migrationsFolder,
      pathTs: migrationsFolder,
      migrationsList: migrations,
      snapshotName: 'snapshot',
      snapshotOnMigrate: false,
      // There are no such entities, but the migrator then creates its table inside the transaction.
      includeWildcardSchema: true,
      silent: true,
    },
    // No SQL in logs, because it contains values.
    debug: false,
    logger: () => {},
  });
}

export type Orm = Awaited<ReturnType<typeof openOrm>>;

/** Opens connections when they are needed. @throws StartError if todoql cannot use the database */
export async function openOrm(databaseUrl: string, poolSize: number) {
  return new MikroORM(ormOptions(databaseUrl, poolSize, await inspectDatabase(databaseUrl)));
}

/** Rejects a standby server: its data may be outdated, so that an ended session would still be accepted. */
async function setUpSession(client: ClientBase, settings: string): Promise<void> {
  await withTimeout(sessionSetupTimeout, async () => {
    await client.query(settings);
    const { rows } = await client.query('select pg_catalog.pg_is_in_recovery() as "isInRecovery"');
    if (rows[0]?.isInRecovery) throw new ServerInRecovery();
  });
}
