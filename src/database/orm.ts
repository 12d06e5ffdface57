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
import type { Location } from './location.ts';
import { migrations } from './migrations.ts';

/** Seconds after which a request that found no free connection is told that the service is busy. */
const connectionTimeout = 5;

/** Milliseconds for the first answers on a connection. */
const firstAnswers = 3_000;

// Beside this file in src/ and in dist/ alike, whatever folder the program was started from.
const migrationsFolder = join(import.meta.dirname, 'migrations');

/** What the filter `owner` is for queries, for flushes: MikroORM asks no filter when it stores what was changed. */
const ownerOfChanges: EventSubscriber = {
  onFlush({ em, uow }) {
    const owner: { readonly id: string } | undefined = em.getFilterParams('owner');
    if (owner === undefined) return;
    for (const { entity } of uow.getChangeSets()) {
      const { user, id }: { readonly user?: Ref<{ id: string }>; readonly id?: string } = entity;
      if ((user?.id ?? id) !== owner.id) throw new Error('A change of one user would store what another user owns.');
    }
  },
};

/** Options of the ORM for the server, the commands and the MikroORM command line alike. */
export function ormOptions(databaseUrl: string, poolSize: number, { database, schema, searchPath }: Location) {
  return defineConfig({
    driver: Driver,
    entities,
    subscribers: [ownerOfChanges],
    // An id that was retired says itself what of.
    findOneOrFailHandler: (entity, where) => notFound(unknownId(Object(where).kind ?? kindOf(entity))),
    // What an entity refers to has the same owner, by its foreign key. Joined for the filter, the user's row would be locked
    // with each record; the second option does not follow from the first, whatever its documentation says.
    filtersOnRelations: false,
    autoJoinRefsForFilters: false,
    // No relation has two sides to keep alike; the accessors for it take a tenth of the time in which a page is read.
    propagationOnPrototype: false,
    clientUrl: databaseUrl,
    dbName: database,
    // For what the ORM makes and looks up itself, the table of migrations first of all.
    schema,
    pool: { min: 0, max: poolSize },
    driverOptions: {
      // Given whole, so that the driver sees parameters such as sslmode, which the ORM's own parsing drops.
      connectionString: databaseUrl,
      // Left out, pg waits for ever.
      connectionTimeoutMillis: connectionTimeout * 1_000,
      onConnect: (client: ClientBase) => setUpSession(client, sessionSetup(searchPath)),
      keepAlive: true,
    },
    // The database itself is made by whoever runs it; looking for it would cost a statement at every start.
    ensureDatabase: false,
    extensions: [Migrator],
    migrations: {
      path: migrationsFolder,
      pathTs: migrationsFolder,
      migrationsList: migrations,
      snapshotName: 'snapshot',
      snapshotOnMigrate: false,
      // There are no such entities; with it, the migrator makes its table within the transaction and not beside it.
      includeWildcardSchema: true,
      silent: true,
    },
    // SQL in logs would carry values: the request log and the error log say what is needed without them.
    debug: false,
    logger: () => {},
  });
}

export type Orm = Awaited<ReturnType<typeof openOrm>>;

/** The ORM for a database; connections are opened when they are needed. @throws StartError where todoql cannot use it */
export async function openOrm(databaseUrl: string, poolSize: number) {
  return new MikroORM(ormOptions(databaseUrl, poolSize, await inspectDatabase(databaseUrl)));
}

/** A standby answers reads, with what it knows so far: a session that has ended may still be there. */
async function setUpSession(client: ClientBase, settings: string): Promise<void> {
  await withTimeout(firstAnswers, async () => {
    await client.query(settings);
    const { rows } = await client.query('select pg_catalog.pg_is_in_recovery() as "isInRecovery"');
    if (rows[0]?.isInRecovery) throw new ServerInRecovery();
  });
}
