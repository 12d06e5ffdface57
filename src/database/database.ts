import {
  type EntityClass,
  type EntityManager,
  type FilterQuery,
  LockMode,
  type MetadataStorage,
} from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import type { Viewer } from '../viewer.ts';
import { Reads } from './connections/driver.ts';
import type { ServiceDatabase } from './service-database.ts';
import type { Query } from './statements.ts';

/** A row as `read` gives it: instants stay the text that PostgreSQL prints, since most of them only pass through. */
export type PlainRow<Row> = {
  [Column in keyof Row]: Date extends Row[Column] ? Exclude<Row[Column], Date> | string : Row[Column];
};

/** Kysely, typed by the entities, within one transaction. */
export type Transaction = ServiceDatabase['kysely'];

export interface ReadOptions {
  /** Whether it may read many rows, so that nothing else must queue behind it. */
  readonly dedicatedConnection?: boolean;
  /** Whether the best way to find the rows depends on the values, so that each query is planned for its own. */
  readonly customPlan?: boolean;
}

type Values = Readonly<Record<string, unknown>>;

/** Runs a viewer's queries: on their own, or within a change, where they see what it has changed so far. */
export interface Reader {
  readonly viewer: Viewer;
  /** Builds SQL, typed by the entities. */
  readonly kysely: Transaction;
  /** Which columns the entities' properties are. */
  readonly metadata: MetadataStorage;
  /**
   * @param shape names the query's text: the same shape must always build the same text
   * @param build makes the query from values and the viewer's id, `owner`, which it may pass on as parameters only
   * @throws AppError RATE_LIMITED where very many long ones of the viewer wait, SERVICE_UNAVAILABLE while the database is away
   */
  read<Row, Given extends Values>(
    shape: string,
    build: (values: Given & { readonly owner: string }) => Query<Row>,
    values: Given,
    options?: ReadOptions,
  ): Promise<PlainRow<Row>[]>;
}

/** A transaction that changes the viewer's records. `read` flushes what `em` holds; SQL run with `kysely` does not. */
export interface Change extends Reader {
  readonly em: EntityManager;
  /** The record of this id, locked until the transaction ends: its changes come one after another. Errors: NOT_FOUND. */
  lock<Entity extends { id: string }>(entity: EntityClass<Entity>, id: string): Promise<Entity>;
}

/** The way to the viewer's rows that resolvers have. Its EntityManagers find these alone, by the filter `owner`. */
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

  /** Finds entities; what it finds is to be read and not changed. Its queries run as those of `read` do. */
  get entities(): EntityManager {
    const em = this.service.fork();
    em.setFilterParams('owner', { id: this.viewer.id });
    const reads = new Reads((text, parameters) => {
      const valuesOf = (values: Values) => parameters.map((_, index) => values[index]);
      const build = (values: Values) => ({ compile: () => CompiledQuery.raw(text, valuesOf(values)) });
      return this.read(text, build, { ...parameters });
    });
    em.setTransactionContext(reads.asTransaction());
    return em;
  }

  read<Row, Given extends Values>(
    shape: string,
    build: (values: Given & { readonly owner: string }) => Query<Row>,
    values: Given,
    { dedicatedConnection = false, customPlan = false }: ReadOptions = {},
  ): Promise<PlainRow<Row>[]> {
    const { id } = this.viewer;
    return this.service.read(shape, build, { ...values, owner: id }, dedicatedConnection ? id : null, customPlan);
  }

  /** Runs one statement that changes rows, as ServiceDatabase does, in its turn among the viewer's changes. */
  write<Row, Given extends Values>(
    shape: string,
    build: (values: Given & { readonly owner: string }) => Query<Row>,
    values: Given,
  ): Promise<PlainRow<Row>[]> {
    const { id } = this.viewer;
    return this.service.write(shape, build, { ...values, owner: id }, `owner ${id}`);
  }

  /** Runs `work` in one transaction with an EntityManager of its own. A viewer's changes run one at a time. */
  change<Result>(work: (change: Change) => Promise<Result>): Promise<Result> {
    const { viewer } = this;
    return this.service.change((transaction, em) => {
      em.setFilterParams('owner', { id: viewer.id });
      return work({
        viewer,
        em,
        kysely: transaction,
        metadata: em.getMetadata(),
        lock<Entity extends { id: string }>(entity: EntityClass<Entity>, id: string) {
          // Each has an id, whatever else it has.
          const where = { id } as FilterQuery<Entity>;
          return em.findOneOrFail(entity, where, { lockMode: LockMode.PESSIMISTIC_WRITE });
        },
        async read(_shape, build, values) {
          await em.flush();
          // Kysely's rows are those of the query, as pg made them.
          const { rows } = await transaction.executeQuery(build({ ...values, owner: viewer.id }).compile());
          return rows as never[];
        },
      });
    }, `owner ${viewer.id}`);
  }
}
