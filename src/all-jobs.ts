import type { AccountMail } from './auth/email/account-mail.ts';
import { purgeExpired } from './auth/purge-expired.ts';
import type { Config } from './config.ts';
import { enqueueOwed } from './jobs/enqueue-owed.ts';
import type { Job } from './jobs/job.ts';
import { purgeLabels } from './labels/purge-labels.ts';
import { purgeUser } from './records/purge-users.ts';
import { moveDueKeys } from './tasks/due/change-time-zone.ts';
import { purgeEmptiedTrash } from './tasks/trash/purge-emptied-trash.ts';
import { purgeLists } from './tasks/trash/purge-lists.ts';
import { purgeTrash } from './tasks/trash/purge-trash.ts';

/** Every job: one that is not listed is not run. @param accountMail null: mail is off */
export function allJobs(config: Config, accountMail: AccountMail | null): readonly Job<never>[] {
  const userJobs = [
    purgeTrash(config.trashRetention),
    purgeEmptiedTrash,
    moveDueKeys,
    purgeLists,
    purgeLabels,
    purgeUser,
  ];
  return [purgeExpired, enqueueOwed(userJobs), ...userJobs, ...(accountMail?.jobs ?? [])];
}
