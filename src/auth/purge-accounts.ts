import { type RawBuilder, sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { eachInBatches, type Job } from '../jobs/background.ts';
import { eventDays } from './security-event.entity.ts';

/** Rows that one transaction removes: its locks and its log stay small. */
const batch = 1_000;

const isOver: Readonly<Record<string, RawBuilder<unknown>>> = {
  security_event: sql`at < now() - ${sql.lit(eventDays)} * interval '1 day'`,
  session: sql`expires_at < now()`,
  throttle: sql`ends_at < now()`,
};

/** Removes old security events, expired sessions and throttles whose window is over. */
export const purgeAccounts: Job = {
  failure: 'expired rows could not be purged',
  // An hour keeps to the periods in the docs.
  interval: 3_600_000,
  async run(context) {
    await eachInBatches(context, purgeAccounts, Object.entries(isOver), ([table, condition]) =>
      context.database.asService.change((transaction) => purgeBatch(transaction, table, condition)),
    );
  },
};

/** Several instances at once take different rows. */
async function purgeBatch(transaction: Transaction, table: string, condition: RawBuilder<unknown>): Promise<number> {
  const name = sql.table(table);
  const { numAffectedRows = 0n } = await sql`
    delete from ${name} where ctid = any(array(
      select ctid from ${name} where ${condition} limit ${batch} for update skip locked))`.execute(transaction);
  return Number(numAffectedRows);
}
