import { beforeAll, expect, test } from 'vitest';
import type { UserJob } from '../../src/jobs/job.ts';
import { purgeLabels } from '../../src/labels/purge-labels.ts';
import { purgeUser } from '../../src/records/purge-users.ts';
import { purgeEmptiedTrash } from '../../src/tasks/trash/purge-emptied-trash.ts';
import { purgeLists } from '../../src/tasks/trash/purge-lists.ts';
import { purgeTrash } from '../../src/tasks/trash/purge-trash.ts';
import { useJobsHere } from '../support/jobs-here.ts';
import { useServer } from '../support/server.ts';
import { idOf } from '../support/twins.ts';
import { addZonedDues } from '../support/zoned-dues.ts';

const server = useServer();
const jobsHere = useJobsHere(server);

beforeAll(async () => {
  await server.sql('create table batch (size integer)');
  await server.sql(`create function note_size() returns trigger language plpgsql as
    'begin insert into batch select count(*) from gone; return null; end'`);
  for (const table of ['task', 'task_label']) {
    await server.sql(`create trigger note_size after delete on ${table} referencing old table as gone
      for each statement execute function note_size()`);
  }
});

const old = `now() - interval '2 days'`;
const count = 2_500;

test.each<[name: string, job: UserJob, mark: string, size: number]>([
  [
    'tasks of a list',
    purgeLists,
    `update task_list set deleted_at = ${old}, purged_at = now() where user_id = $1`,
    1_000,
  ],
  ['tasks in the trash', purgeTrash(86_400), `update task set deleted_at = ${old} where user_id = $1`, 1_000],
  [
    'tasks of emptied trash',
    purgeEmptiedTrash,
    `with trashed as (update task set deleted_at = ${old} where user_id = $1)
     update "user" set trash_emptied_at = now() where id = $1`,
    1_000,
  ],
  ['links of a label', purgeLabels, 'update label set purged_at = now() where user_id = $1', 1_000],
  ['tasks of an account', purgeUser, 'update "user" set purged_at = now() where id = $1', 200],
])('%s are removed in batches, so that their locks are held for a moment', async (_name, job, mark, size) => {
  const user = await server.newUser();
  const id = idOf(user);
  const made = await user.run(`mutation { createList(input: { name: "large" }) { list { id } }
    createLabel(input: { name: "large" }) { label { id } } }`);
  await addZonedDues(server.sql, user.email, count);
  await server.sql('update task set list_id = $2 where user_id = $1', [id, made.data.createList.list.id]);
  if (job === purgeLabels) {
    const link = `insert into task_label (user_id, task_id, label_id, created_at)
      select user_id, id, $2, created_at from task where user_id = $1`;
    await server.sql(link, [id, made.data.createLabel.label.id]);
  }
  await server.sql('truncate batch');
  await server.sql(mark, [id]);
  await jobsHere.run(job, [id]);
  let sizes: number[] = [];
  const removed = async () => {
    sizes = (await server.sql<{ size: number }>('select size from batch')).map((batch) => batch.size);
    return sizes.reduce((sum, each) => sum + each, 0);
  };
  // The server's own job may have been at it, and kept this one from it.
  await expect.poll(removed).toBe(count);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(size);
});
