import type { EntityManager } from '@mikro-orm/postgresql';
import type { AppError } from '../../errors.ts';
import type { Transaction } from '../database.ts';
import type { Queue, ServiceDatabase } from '../service-database.ts';
import { Revision } from './revisions.ts';

interface Options {
  readonly queue?: Queue | undefined;
  /** The error if the account has been removed; UNAUTHENTICATED by default. */
  readonly gone?: (() => AppError) | undefined;
  /** Whether row-level security, where it is on, restricts it to rows of the user. */
  readonly isRestricted?: boolean;
}

type Listener = (userId: string) => void;

const revisions = new WeakMap<object, Revision>();

/** The revision of an entity that MikroORM is about to write: for `onCreate` and `onUpdate` of its property. */
export function revisionOf(_entity: object, em: object): string {
  const revision = revisions.get(em);
  if (!revision) throw new Error('A record of a user can only be changed in a change of that user: see UserChanges.');
  return revision.next;
}

/** Changes of the records that users own. There is no other way to change them but one statement by `Database.write`. */
export class UserChanges {
  readonly #listeners = new Set<Listener>();

  constructor(private readonly service: ServiceDatabase) {}

  /** Runs `work` like ServiceDatabase.change, with the user's counter locked; see Revision. */
  async run<Result>(
    userId: string,
    work: (transaction: Transaction, em: EntityManager, revision: Revision) => Promise<Result>,
    { queue, gone, isRestricted = false }: Options = {},
  ): Promise<Result> {
    const change = async (transaction: Transaction, em: EntityManager): Promise<Result> => {
      const revision = await Revision.lock(transaction, userId, gone);
      revisions.set(em, revision);
      const result = await work(transaction, em, revision);
      await em.flush();
      if (await revision.finish()) this.service.afterCommit(transaction, () => this.announce(userId));
      return result;
    };
    return this.service.change(change, queue, isRestricted ? userId : null);
  }

  /** Calls `listener` after each change of a user's records in this process. @returns a function that ends this */
  onCommitted(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  announce(userId: string): void {
    for (const listener of this.#listeners) listener(userId);
  }
}
