import { sql } from 'kysely';
import { batchJob } from '../jobs/background.ts';
import { retireGone } from '../records/removal.ts';
import { Label } from './label.entity.ts';

/** Removes purged labels from their tasks, then the labels themselves. Instances skip each other's rows. */
export const purgeLabels = batchJob({
  failure: 'a label could not be removed',
  success: 'removed labels and their links',
  async batch(transaction, _item, size, metadata) {
    const { numAffectedRows: links = 0n } = await sql`
      delete from task_label where ctid = any(array(
        select link.ctid from label join task_label link on link.user_id = label.user_id and link.label_id = label.id
        where label.purged_at is not null
        limit ${size} for update of link skip locked))`.execute(transaction);
    if (links > 0n) return Number(links);
    // What is deleted must be called gone: retireGone reads that.
    const { numAffectedRows: labels = 0n } = await sql`
      with gone as (
        delete from label where ctid = any(array(
          select ctid from label
          where purged_at is not null and not exists (
            select from task_label link where link.user_id = label.user_id and link.label_id = label.id)
          limit ${size} for update skip locked))
        returning user_id, id
      )
      ${retireGone(metadata, Label)}`.execute(transaction);
    return Number(labels);
  },
});
