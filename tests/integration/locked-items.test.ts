import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { purgeExpired } from '../../src/auth/purge-expired.ts';
import type { UserJob } from '../../src/jobs/job.ts';
import { purgeLabels } from '../../src/labels/purge-labels.ts';
import { purgeUser } from '../../src/records/purge-users.ts';
import { moveDueKeys } from '../../src/tasks/due/change-time-zone.ts';
import { purgeLists } from '../../src/tasks/trash/purge-lists.ts';
import { purgeTrash } from '../../src/tasks/trash/purge-trash.ts';
import { useJobsHere } from '../support/jobs-here.ts';
import { useServer } from '../support/server.ts';
import { makeWorld } from '../support/world.ts';
import { addZonedDues } from '../support/zoned-dues.ts';

const server = useServer();
const jobsHere = useJobsHere(server);
const ofUsers = (job: UserJob) => (users: readonly string[]) => jobsHere.run(job, users);

const old = `now() - interval '2 days'`;

test.each<
  [name: string, run: (users: readonly string[]) => Promise<unknown>, mark: string, locked: string, left: string]
>([
  ['lists', ofUsers(purgeLists), `update task_list set deleted_at = ${old}, purged_at = now()`, 'task', 'task_list'],
  ['trash', ofUsers(purgeTrash(86_400)), `update task set deleted_at = ${old}`, 'task', 'task'],
  ['labels', ofUsers(purgeLabels), 'update label set purged_at = now()', 'task_label', 'label'],
  [
    'sessions',
    () => jobsHere.runPeriodic(purgeExpired),
    `update session set expires_at = ${old}`,
    'session',
    'session',
  ],
  ['accounts', ofUsers(purgeUser), 'update "user" set purged_at = now()', 'task', '(select id as user_id from "user")'],
  [
    'dues',
    ofUsers(moveDueKeys),
    `update "user" set time_zone = 'Asia/Tokyo', due_keys_up_to = '00000000-0000-0000-0000-000000000000'`,
    'task',
    `(select user_id from task where due_key <> due_at at time zone 'Asia/Tokyo')`,
  ],
])("where one user's are locked, a job does all other %s", async (_name, run, mark, locked, left) => {
  const worlds = await Promise.all([1, 2, 3].map(() => makeWorld(server)));
  for (const { user } of worlds) await addZonedDues(server.sql, user.email, 3);
  const ids = worlds.map(({ userId }) => userId);
  const [, inTheMiddle] = ids;
  const owner = mark.includes('"user"') ? 'id' : 'user_id';
  const holder = new pg.Client({ connectionString: server.databaseUrl });
  await holder.connect();
  onTestFinished(() => holder.end());
  // In one message, since the server's own job may run at any moment.
  await holder.query(`begin; ${mark} where ${owner} = any('{${ids}}'); commit;
    begin; select from ${locked} where user_id = '${inTheMiddle}' for update`);
  await run(ids);
  const rest = await server.sql(`select distinct user_id from ${left} l where user_id = any($1)`, [ids]);
  expect(rest).toEqual([{ user_id: inTheMiddle }]);
});
