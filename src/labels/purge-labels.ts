import { sql } from 'kysely';
import { inBatches } from '../jobs/batches.ts';
import { userJob } from '../jobs/job.ts';
import { retireGone } from '../records/removal.ts';
import { Label } from './label.entity.ts';

const owed = () => sql`select user_id as "user" from label where purged_at is not null`;

/** Removes a user's deleted labels from their tasks, then the labels themselves. */
export const purgeLabels = userJob('purge-labels', owed, (user, context) =>
  inBatches(context, 'removed labels and their links', async (transaction, size, metadata) => {
    const { numAffectedRows: links = 0n } = await sql`
      delete from task_label where ctid = any(array(
        select link.ctid from label join task_label link on link.user_id = label.user_id and link.label_id = label.id
        where label.user_id = ${user} and label.purged_at is not null
        limit ${size} for update of link))`.execute(transaction);
    if (links > 0n) return Number(links);
    // What is deleted must be called gone: retireGone reads that. Its removal was announced when it was marked.
    const { numAffectedRows: labels = 0n } = await sql`
      with gone as (
        delete from label where ctid = any(array(
          select ctid from label
          where user_id = ${user} and purged_at is not null and not exists (
            select from task_label link where link.user_id = label.user_id and link.label_id = label.id)
          limit ${size} for update))
        returning user_id, id, revision
      )
      ${retireGone(metadata, Label, sql`revision`)}`.execute(transaction);
    return Number(labels);
  }),
);
