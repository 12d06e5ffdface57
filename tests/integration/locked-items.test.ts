import pg from 'pg';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { purgeExpired } from '../../src/auth/purge-expired.ts';
import { type Orm, openOrm } from '../../src/database/orm.ts';
import { ServiceDatabase } from '../../src/database/service-database.ts';
import type { Job } from '../../src/jobs/background.ts';
import { purgeLabels } from '../../src/labels/purge-labels.ts';
import { createLogger } from '../../src/observability/logger.ts';
import { purgeUsers } from '../../src/records/purge-users.ts';
import { moveDueKeys } from '../../src/tasks/due/change-time-zone.ts';
import { purgeLists } from '../../src/tasks/trash/purge-lists.ts';
import { purgeTrash } from '../../src/tasks/trash/purge-trash.ts';
import { useServer } from '../support/server.ts';
import { makeWorld } from '../support/world.ts';
import { addZonedDues } from '../support/zoned-dues.ts';

const server = useServer();
const logger = createLogger('silent');
let orm: Orm;
let serviceDatabase: ServiceDatabase;

beforeAll(async () => {
  orm = await openOrm(server.databaseUrl, 4);
  serviceDatabase = new ServiceDatabase(orm, true, logger);
});
afterAll(async () => {
  await serviceDatabase.close();
  await orm.close();
});

const old = `now() - interval '2 days'`;

test.each<[name: string, job: Job, mark: string, locked: string, left: string]>([
  ['lists', purgeLists, `update task_list set deleted_at = ${old}, purged_at = now()`, 'task', 'task_list'],
  ['trash', purgeTrash(86_400), `update task set deleted_at = ${old}`, 'task', 'task'],
  ['labels', purgeLabels, 'update label set purged_at = now()', 'task_label', 'label'],
  ['sessions', purgeExpired, `update session set expires_at = ${old}`, 'session', 'session'],
  ['accounts', purgeUsers, 'update "user" set purged_at = now()', 'task', '(select id as user_id from "user")'],
  [
    'dues',
    moveDueKeys,
    `update "user" set time_zone = 'Asia/Tokyo', due_keys_up_to = '00000000-0000-0000-0000-000000000000'`,
    'task',
    `(select user_id from task where due_key <> due_at at time zone 'Asia/Tokyo')`,
  ],
])("where one user's are locked, a job does all other %s", async (_name, job, mark, locked, left) => {
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
  await job.run({ serviceDatabase, logger, stopping: new AbortController().signal });
  const rest = await server.sql(`select distinct user_id from ${left} l where user_id = any($1)`, [ids]);
  expect(rest).toEqual([{ user_id: inTheMiddle }]);
});
