import { type RawBuilder, sql } from 'kysely';
import { type AppError, sessionEnded } from '../../errors.ts';
import type { Transaction } from '../database.ts';

/**
 * The place of one transaction in the order of a user's changes. Each user has a counter, a row of `user_change`, which every
 * transaction that changes the user's records locks first and raises by one. So the revisions that it writes into records come
 * in the order of commits, and whoever has read up to one of them has missed nothing: see docs/decisions/order-of-changes.md.
 */
export class Revision {
  #isUsed = false;

  private constructor(
    private readonly transaction: Transaction,
    private readonly userId: string,
    private readonly raised: string,
  ) {}

  /**
   * Raises the user's counter, and so locks it: until the transaction ends, no other one changes the user's records. Call it
   * before any record is locked. @param gone the error if the account has been removed
   */
  static async lock(transaction: Transaction, userId: string, gone: () => AppError = sessionEnded): Promise<Revision> {
    const raised = (await raiseCounter(transaction, userId)) ?? (await addCounter(transaction, userId));
    if (raised === undefined) throw gone();
    return new Revision(transaction, userId, raised);
  }

  /** The revision to write into each record that the transaction changes. Asking for it says that something changes. */
  get next(): string {
    this.#isUsed = true;
    return this.raised;
  }

  /** Takes it back: nothing was found to change. */
  discard(): void {
    this.#isUsed = false;
  }

  /** Lowers the counter again, if nothing has changed. @returns whether something has */
  async finish(): Promise<boolean> {
    if (this.#isUsed) return true;
    const { transaction, userId } = this;
    await sql`update user_change set revision = revision - 1 where user_id = ${userId}`.execute(transaction);
    return false;
  }
}

async function raiseCounter(transaction: Transaction, userId: string): Promise<string | undefined> {
  const { rows } = await sql<{ revision: string }>`
    update user_change set revision = revision + 1 where user_id = ${userId} returning revision`.execute(transaction);
  return rows[0]?.revision;
}

/** At an account's first change: also of accounts from before there were counters. */
async function addCounter(transaction: Transaction, userId: string): Promise<string | undefined> {
  await sql`
    insert into user_change (user_id, revision)
    select id, 0 from "user" where id = ${userId} and purged_at is null for share
    on conflict do nothing`.execute(transaction);
  return raiseCounter(transaction, userId);
}

/**
 * Common table expressions for a change in a single statement: `counter` locks the user's counter and has the revision to write
 * as `next`. It has no row if another change was committed since the statement began: what the statement sees is then out of
 * date. Whatever decides on other rows, or locks them, must read from it first.
 */
export function lockedCounter(owner: unknown): RawBuilder<unknown> {
  return sql`counter as materialized (
      select revision + 1 as next from user_change
      where user_id = ${owner} and revision = (select revision from user_change where user_id = ${owner})
      for no key update
    )`;
}

/** Raises the counter if there are rows in `changed`. */
export function raisedCounter(owner: unknown): RawBuilder<unknown> {
  return sql`raised as (
      update user_change set revision = revision + 1 where user_id = ${owner} and exists (select from changed)
    )`;
}
