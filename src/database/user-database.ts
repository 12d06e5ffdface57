import type { EntityManager, MetadataStorage } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import type { Viewer } from '../viewer.ts';
import type { PlainRow, Reader, ReadOptions, Transaction } from './database.ts';
import { Reads } from './driver.ts';
import { readerWithin } from './reader-within.ts';
import type { ServiceDatabase } from './service-database.ts';
import type { Query } from './statements.ts';

type Values = Readonly<Record<string, unknown>>;

/** Runs a user's queries: on their own, or within a change, where they see what it has changed so far. */
export interface UserReader extends Reader {
  readonly viewer: Viewer;
}

/** A transaction that changes the user's records. Reading flushes what `em` holds; SQL run with `build` does not. */
export interface Change extends UserReader {
  readonly em: EntityManager;
}

/**
 * The way to the viewer's rows that resolvers have. Every EntityManager that it hands out finds the viewer's entities alone,
 * by the filter `owner` that they carry.
 */
export class UserDatabase implements UserReader {
  constructor(
    private readonly service: ServiceDatabase,
    readonly viewer: Viewer,
  ) {}

  /** Builds SQL, typed by the entities. Run what it builds with `read`. */
  get build(): Transaction {
    return this.service.build;
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

  /** Runs a query outside any transaction. @param build is given the viewer's id as `owner`, too */
  read<Row, Given extends Values>(
    shape: string,
    build: (values: Given & { readonly owner: string }) => Query<Row>,
    values: Given,
    how?: ReadOptions,
  ): Promise<PlainRow<Row>[]> {
    return this.service.read(shape, build, { ...values, owner: this.viewer.id }, how);
  }

  /**
   * Runs `work` in one transaction with an EntityManager of its own, as ServiceDatabase does, in its turn among the viewer's
   * changes: they run one at a time. No two mutation fields share an EntityManager.
   */
  change<Result>(work: (change: Change) => Promise<Result>): Promise<Result> {
    const { viewer } = this;
    return this.service.change((transaction, em) => {
      em.setFilterParams('owner', { id: viewer.id });
      return work({ ...readerWithin(em, transaction), viewer, em });
    }, `owner ${viewer.id}`);
  }
}
