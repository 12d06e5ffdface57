import { expect, test } from 'vitest';
import type { UserJob } from '../../src/jobs/job.ts';
import { purgeLabels } from '../../src/labels/purge-labels.ts';
import { purgeUser } from '../../src/records/purge-users.ts';
import { moveDueKeys } from '../../src/tasks/due/change-time-zone.ts';
import { purgeLists } from '../../src/tasks/trash/purge-lists.ts';
import { purgeTrash } from '../../src/tasks/trash/purge-trash.ts';
import { useJobsHere } from '../support/jobs-here.ts';
import { useServer } from '../support/server.ts';
import { createList, createTask } from '../support/tasks.ts';
import { createTree } from '../support/trees.ts';
import { idOf, newTwin, othersThan, recordsToCopy } from '../support/twins.ts';
import { makeWorld } from '../support/world.ts';
import { addZonedDues } from '../support/zoned-dues.ts';

const server = useServer();
const jobsHere = useJobsHere(server);

const old = `now() - interval '2 days'`;
const tokyo = `due_at at time zone 'Asia/Tokyo'`;

test.each<[name: string, job: UserJob, mark: string, undone: string]>([
  ['lists', purgeLists, `update task_list set deleted_at = ${old}, purged_at = now()`, 'select from task_list'],
  ['trash', purgeTrash(86_400), `update task set deleted_at = ${old}`, 'select from task'],
  ['labels', purgeLabels, 'update label set purged_at = now()', 'select from label'],
  ['account', purgeUser, 'update "user" set purged_at = now() where id = $1', 'select from task'],
  [
    'dues',
    moveDueKeys,
    `with moved as (
       update "user" set time_zone = 'Asia/Tokyo', due_keys_up_to = '00000000-0000-0000-0000-000000000000' where id = $1
       returning id
     ) select from moved`,
    `select from task where due_at is not null and due_key <> ${tokyo} and user_id = $1`,
  ],
])("a job for one user's %s leaves those of another user with the same ids alone", async (_name, job, mark, undone) => {
  const world = await makeWorld(server);
  await createTree(world.user, { listId: await createList(world.user) });
  await createTask(world.user, 'below', { parentId: world.task.live });
  await addZonedDues(server.sql, world.user.email, 3);
  const twin = await newTwin(server, await recordsToCopy(server, world.userId));
  const ofTwin = (text: string) => server.sql(text.includes('$1') ? text : `${text} where user_id = $1`, [idOf(twin)]);
  await ofTwin(mark);
  expect((await ofTwin(undone)).length).toBeGreaterThan(0);
  const others = await othersThan(server, twin);
  await jobsHere.run(job, [idOf(twin)]);
  expect(await ofTwin(undone)).toEqual([]);
  expect(await othersThan(server, twin)).toEqual(others);
});
