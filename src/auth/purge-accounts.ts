import { type RawBuilder, sql } from 'kysely';
import type { Database, Transaction } from '../database/database.ts';
import { everyHour } from '../observability/every-hour.ts';
import type { Logger } from '../observability/logger.ts';
import { eventDays } from './security-events.ts';

/** Rows that one transaction removes: its locks and its log stay small. */
const batch = 1_000;

const isOver: Readonly<Record<string, RawBuilder<unknown>>> = {
  security_event: sql`at < now() - ${sql.lit(eventDays)} * interval '1 day'`,
  session: sql`expires_at < now()`,
  throttle: sql`ends_at < now()`,
};

/** Removes old security events, expired sessions and throttles whose window is over, now and every hour. */
export function purgeAccountsRegularly(database: Database, logger: Logger): () => Promise<void> {
  const work = async (): Promise<void> => {
    for (const [table, condition] of Object.entries(isOver)) await purge(database, table, condition);
  };
  return everyHour(work, logger, 'what is over could not be purged');
}

async function purge(database: Database, table: string, condition: RawBuilder<unknown>): Promise<void> {
  let removed: number;
  do removed = await database.change(null, (_em, transaction) => purgeBatch(transaction, table, condition));
  while (removed === batch);
}

/** Several instances at once take different rows. */
async function purgeBatch(transaction: Transaction, table: string, condition: RawBuilder<unknown>): Promise<number> {
  const name = sql.table(table);
  const { numAffectedRows = 0n } = await sql`
    delete from ${name} where ctid = any(array(
      select ctid from ${name} where ${condition} limit ${batch} for update skip locked))`.execute(transaction);
  return Number(numAffectedRows);
}
