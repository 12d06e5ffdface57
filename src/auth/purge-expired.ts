import { type RawBuilder, sql } from 'kysely';
import { inBatches } from '../jobs/batches.ts';
import { periodicJob } from '../jobs/job.ts';
import { daysToIssue } from './email/email-tokens.ts';
import { eventDays } from './events/security-event.entity.ts';

const isOver: Readonly<Record<string, RawBuilder<unknown>>> = {
  security_event: sql`at < now() - ${sql.lit(eventDays)} * interval '1 day'`,
  session: sql`expires_at < now()`,
  email_token: sql`expires_at < now() - ${sql.lit(daysToIssue)} * interval '1 day'`,
  throttle: sql`ends_at < now()`,
};

/** Removes old security events, expired sessions, e-mail tokens and throttles: hourly, as the longer periods are in days. */
export const purgeExpired = periodicJob('purge-expired', 3_600, async (context) => {
  for (const [table, condition] of Object.entries(isOver)) {
    const name = sql.table(table);
    await inBatches(context, 'purged what has expired', async (transaction, size) => {
      const { numAffectedRows = 0n } = await sql`
        delete from ${name} where ctid = any(array(
          select ctid from ${name} where ${condition} limit ${size} for update skip locked))`.execute(transaction);
      return Number(numAffectedRows);
    });
  }
});
