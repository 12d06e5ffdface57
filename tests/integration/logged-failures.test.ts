import pg from 'pg';
import { expect, test } from 'vitest';
import { createLogger } from '../../src/observability/logger.ts';
import { LogSink, useServer } from '../support/server.ts';

const server = useServer();
const canary = 'canary-in-a-value';

/** What is logged of the failure of a statement. */
async function logged(statement: string): Promise<{ code: string; message?: string }> {
  const sink = new LogSink();
  const client = new pg.Client({ connectionString: server.databaseUrl });
  await client.connect();
  const failure = await client.query(statement).then(
    () => expect.unreachable(statement),
    (error: unknown) => error,
  );
  await client.end();
  createLogger('info', sink).error({ err: failure }, 'failed');
  expect(sink.text).not.toContain(canary);
  return JSON.parse(sink.text).err;
}

test.each([
  ['42703', `select nothing from task where title = '${canary}'`, 'column "nothing" does not exist'],
  ['42P01', `select '${canary}' from nothing`, 'relation "nothing" does not exist'],
  ['42883', `select nothing('${canary}')`, 'function nothing(unknown) does not exist'],
  ['42883', `select * from task where title = array['${canary}']`, 'operator does not exist'],
  ['42804', `select case when true then now() else 1 end, '${canary}'`, 'CASE types'],
  ['42846', `select '${canary}'::text::jsonb::uuid`, 'cannot cast type jsonb to uuid'],
  ['42P02', `select $1, '${canary}'`, 'there is no parameter $1'],
  ['42803', `select title, count(*) from task where title = '${canary}'`, 'must appear in the GROUP BY clause'],
  ['42702', `select id from task, label where title = '${canary}'`, 'column reference "id" is ambiguous'],
  ['42704', `select '${canary}'::nothing`, 'type "nothing" does not exist'],
  ['42P07', `create table task as select '${canary}' as id`, 'relation "task" already exists'],
  ['42P10', `insert into label (name) values ('${canary}') on conflict (name) do nothing`, 'ON CONFLICT'],
  ['42501', `set role pg_monitor; select '${canary}' from task`, 'permission denied for table task'],
])('%s keeps its message: %s', async (code, statement, message) => {
  const { message: told, ...failure } = await logged(statement);
  expect(failure.code).toBe(code);
  expect(told).toContain(message);
});

test.each([
  ['42601', `select * from task where title = '${canary}`],
  ['42601', `select * from task where '${canary}' '${canary}'`],
  ['42602', `select '${canary}..x'::regclass`],
  ['22P02', `select '${canary}'::uuid`],
  ['22P02', `select '${canary}'::int`],
  ['22007', `select '${canary}'::date`],
  ['22023', `set timezone = '${canary}'`],
  ['22012', `select 1 / 0 from (select '${canary}') as one`],
])('%s keeps none: %s', async (code, statement) => {
  const failure = await logged(statement);
  expect(failure.code).toBe(code);
  expect(failure.message).toBeUndefined();
});

test('a bug in a statement of a request is logged with what it names, and without values', async () => {
  const user = await server.newUser();
  await server.sql('alter table task rename column description to description_away');
  try {
    for (const operation of [
      `mutation { createTask(input: { title: "${canary}" }) { task { description } } }`,
      `{ tasks(filter: { search: "${canary}" }) { nodes { description } } }`,
      `mutation { createTask(input: { title: "${canary}", due: { date: "2030-01-01" }, labelIds: [] }) { task { id } } }`,
    ]) {
      expect((await user.run(operation)).code).toBe('INTERNAL_SERVER_ERROR');
    }
  } finally {
    await server.sql('alter table task rename column description_away to description');
  }
  await expect.poll(() => server.logs()).toMatch(/"message":"column [^"]*description[^"]* does not exist/);
  expect(server.logs()).not.toContain(canary);
});
