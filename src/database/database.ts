import type { EntityManager, MetadataStorage } from '@mikro-orm/postgresql';
import type { Viewer } from '../viewer.ts';
import { readerWithin } from './reader-within.ts';
import type { ServiceDatabase } from './service-database.ts';
import type { Query } from './statements.ts';
import { UserDatabase } from './user-database.ts';

/** A row as `read` gives it: instants stay the text that PostgreSQL prints, since most of them only pass through. */
export type PlainRow<Row> = {
  [Column in keyof Row]: Date extends Row[Column] ? Exclude<Row[Column], Date> | string : Row[Column];
};

/** Runs SQL within one change, typed by the entities. */
export type Transaction = ServiceDatabase['build'];

export interface ReadOptions {
  readonly longFor?: string | null;
  readonly isPlannedAnew?: boolean;
}

/** The values of a query, with the id of the user whose rows it finds. */
type Owned = Readonly<Record<string, unknown>> & { readonly owner: string };

/** Runs queries: on their own, or within a change, where they see what it has changed so far. */
export interface Reader {
  readonly build: Transaction;
  /** Which columns the entities' properties are. */
  readonly metadata: MetadataStorage;
  /**
   * @param shape names the query's text: the same shape must always build the same text
   * @param build makes the query from values, which it may pass on as parameters only
   * @param how the id of the user for whom it may read many rows, so that others must not queue behind it; and whether the
   *   best way to find them depends on the values, so that it is planned anew for each
   * @throws AppError RATE_LIMITED where very many long ones of the user wait, SERVICE_UNAVAILABLE while the database is away
   */
  read<Row, Values extends Owned>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    how?: ReadOptions,
  ): Promise<PlainRow<Row>[]>;
}

/** A user whose records are read or changed. With the address, so that no other record is taken for one. */
export interface Owner {
  readonly id: string;
  readonly email: string;
}

/**
 * The way to a user's rows that resolvers have. Every EntityManager that it hands out finds that user's entities alone, by
 * the filter `owner` that they carry.
 */
export class Database implements Reader {
  /** @param asService for the few statements that serve no user */
  constructor(readonly asService: ServiceDatabase) {}

  /** Builds SQL, typed by the entities. Run what it builds with `read`. */
  get build() {
    return this.asService.build;
  }

  get metadata(): MetadataStorage {
    return this.asService.metadata;
  }

  entities(viewer: Viewer): EntityManager {
    return new UserDatabase(this.asService, viewer).entities;
  }

  /** Runs a query outside any transaction. */
  read<Row, Values extends Owned>(
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
    how?: ReadOptions,
  ): Promise<PlainRow<Row>[]> {
    return this.asService.read(shape, build, values, how);
  }

  /** Runs one statement that changes the owner's rows, as ServiceDatabase does, in its turn among the owner's changes. */
  write<Row, Values extends Owned>(
    owner: Owner,
    shape: string,
    build: (values: Values) => Query<Row>,
    values: Values,
  ): Promise<PlainRow<Row>[]> {
    return this.asService.write(shape, build, values, `owner ${owner.id}`);
  }

  /**
   * Runs `work` in one transaction with an EntityManager of its own, as ServiceDatabase does, in its turn among the owner's
   * changes: they run one at a time. No two mutation fields share an EntityManager.
   * @param work is also given the transaction itself, for SQL, where what the EntityManager has not flushed is not there
   *   yet; and a reader, for which it is flushed
   */
  change<Result>(
    owner: Owner,
    work: (em: EntityManager, transaction: Transaction, reader: Reader) => Promise<Result>,
  ): Promise<Result> {
    return this.asService.change((transaction, em) => {
      em.setFilterParams('owner', { id: owner.id });
      return work(em, transaction, readerWithin(em, transaction));
    }, `owner ${owner.id}`);
  }
}
