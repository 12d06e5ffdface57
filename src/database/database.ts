import {
  type EntityClass,
  type EntityManager,
  type FilterQuery,
  LockMode,
  type MetadataStorage,
} from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import type { AppError } from '../errors.ts';
import type { Viewer } from '../viewer.ts';
import { ReadOnlyTransaction } from './connections/driver.ts';
import type { ServiceDatabase } from './service-database.ts';
import type { Query } from './statements.ts';
import type { Revision } from './user-changes/revisions.ts';

/** A row as `read` returns it. Timestamps stay the text that PostgreSQL prints: most are only passed through. */
export type PlainRow<Row> = {
  [Column in keyof Row]: Date extends Row[Column] ? Exclude<Row[Column], Date> | string : Row[Column];
};

/** Kysely, typed by the entities, within one transaction. */
export type Transaction = ServiceDatabase['kysely'];

export interface ReadOptions {
  /** Whether it may read many rows: on a shared connection, other reads would wait behind it. */
  readonly dedicatedConnection?: boolean;
  /** Whether the best plan depends on the values: PostgreSQL then plans at every execution. */
  readonly customPlan?: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** Runs a viewer's queries: outside a transaction, or within a change, where they see its uncommitted changes. */
export interface Reader {
  readonly viewer: Viewer;
  /** Builds SQL, typed by the entities. */
  readonly kysely: Transaction;
  /** MikroORM's metadata of the entities: which property is which column. */
  readonly metadata: MetadataStorage;
  /**
   * @param cacheKey names the query's text: the same key must always build the same text
   * @param build builds the query from the values and the viewer's id, `owner`; it may only pass them on as parameters
   * @throws AppError RATE_LIMITED where too many long reads of the viewer wait, SERVICE_UNAVAILABLE while the database is
   *   unreachable
   */
  read<Row, Given extends Values>(
    cacheKey: string,
    build: (values: Given & { readonly owner: string }) => Query<Row>,
    values: Given,
    options?: ReadOptions,
  ): Promise<PlainRow<Row>[]>;
}

/**
 * A transaction that changes the viewer's records, one at a time: what it has read still holds when it writes. `read` flushes
 * `em` first; SQL run with `kysely` does not.
 */
export interface Change extends Reader {
  readonly em: EntityManager;
  /** SQL that changes a record writes this into its column `revision`; entities get it by themselves. See Revision. */
  readonly revision: string;
  /** Finds the record with this id and locks it until the transaction ends. Errors: NOT_FOUND. */
  lock<Entity extends { id: string }>(entity: EntityClass<Entity>, id: string): Promise<Entity>;
}

/**
 * The viewer's database, and the only one that resolvers have. The filter `owner` restricts entities to the viewer's. A query
 * given to `read` or `write` must use the `owner` that it receives, and SQL run with a change's `kysely` must name the viewer.
 */
export class Database implements Reader {
  constructor(
    private readonly service: ServiceDatabase,
    readonly viewer: Viewer,
  ) {}

  get kysely(): Transaction {
    return this.service.kysely;
  }

  get metadata(): MetadataStorage {
    return this.service.metadata;
  }

  /** Finds entities, for reading only. There is no transaction: driver.ts runs its queries like those of `read`. */
  get entities(): EntityManager {
    const em = this.service.fork();
    em.setFilterParams('owner', { id: this.viewer.id });
    const reads = new ReadOnlyTransaction((text, parameters) => {
      const valuesOf = (values: Values) => parameters.map((_, index) => values[index]);
      const build = (values: Values) => ({ compile: () => CompiledQuery.raw(text, valuesOf(values)) });
      return this.read(text, build, { ...parameters });
    });
    em.setTransactionContext(reads.asTransaction());
    return em;
  }

  read<Row, Given extends Values>(
    cacheKey: string,
    build: (values: Given & { readonly owner: string }) => Query<Row>,
    values: Given,
    options?: ReadOptions,
  ): Promise<PlainRow<Row>[]> {
    const { id } = this.viewer;
    return this.service.read(cacheKey, build, { ...values, owner: id }, options, id);
  }

  /**
   * Runs one statement that changes records, in its own transaction, in the queue of the viewer's changes. It must lock and raise
   * the viewer's counter: see lockedCounter. @returns rows only if it has changed something
   */
  async write<Row, Given extends Values>(
    cacheKey: string,
    build: (values: Given & { readonly owner: string }) => Query<Row>,
    values: Given,
  ): Promise<PlainRow<Row>[]> {
    const { id } = this.viewer;
    const rows = await this.service.write(cacheKey, build, { ...values, owner: id }, `owner ${id}`, id);
    if (rows.length > 0) this.service.userChanges.announce(id);
    return rows;
  }

  /**
   * Runs `work` in one transaction with its own EntityManager.
   * @param gone the error if the account has been removed; UNAUTHENTICATED by default
   */
  change<Result>(work: (change: Change) => Promise<Result>, gone?: () => AppError): Promise<Result> {
    const { viewer } = this;
    const run = (transaction: Transaction, em: EntityManager, revision: Revision): Promise<Result> => {
      em.setFilterParams('owner', { id: viewer.id });
      return work({
        viewer,
        em,
        get revision() {
          return revision.next;
        },
        kysely: transaction,
        metadata: em.getMetadata(),
        lock<Entity extends { id: string }>(entity: EntityClass<Entity>, id: string) {
          // By its bound, every Entity has an id.
          const where = { id } as FilterQuery<Entity>;
          return em.findOneOrFail(entity, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
        },
        async read(_cacheKey, build, values) {
          await em.flush();
          // As they are: nothing is cached, and pg parses the rows of this connection like those of other reads.
          const { rows } = await transaction.executeQuery(build({ ...values, owner: viewer.id }).compile());
          return rows as never[];
        },
      });
    };
    return this.service.userChanges.run(viewer.id, run, { queue: `owner ${viewer.id}`, gone, isRestricted: true });
  }
}
