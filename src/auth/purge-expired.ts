import { type RawBuilder, sql } from 'kysely';
import { batchJob } from '../jobs/background.ts';
import { eventDays } from './events/security-event.entity.ts';

const isOver: Readonly<Record<string, RawBuilder<unknown>>> = {
  security_event: sql`at < now() - ${sql.lit(eventDays)} * interval '1 day'`,
  session: sql`expires_at < now()`,
  throttle: sql`ends_at < now()`,
};

/** Removes old security events, expired sessions and throttles whose window is over. Instances skip each other's rows. */
export const purgeExpired = batchJob({
  failure: 'expired rows could not be purged',
  success: 'purged what has expired',
  // Hourly: the documented retention periods are in days.
  interval: 3_600_000,
  items: Object.entries(isOver),
  async batch(transaction, [table, condition], size) {
    const name = sql.table(table);
    const { numAffectedRows = 0n } = await sql`
      delete from ${name} where ctid = any(array(
        select ctid from ${name} where ${condition} limit ${size} for update skip locked))`.execute(transaction);
    return Number(numAffectedRows);
  },
});
