import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { Client, Reply } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { type Ending, expectRefusal, repository, test } from '../support/program.ts';

const countTasks = '{ tasks(first: 1) { totalCount } }';

const whatIsThere = `{
  lists(first: 10) { nodes { name tasks(first: 20) { nodes { title subtasks(first: 10) { nodes { title } } } } } }
  archived: lists(first: 10, filter: { archived: true }) { nodes { name } }
  labels { totalCount }
  tasks(first: 50) { nodes { labels { name } } }
}`;

/** Runs the curl command that a seed has printed, against the server that it names. */
async function logInAsPrinted({ stdout }: Ending, url: string): Promise<Client> {
  const command = /curl (\S+) -H '([^':]+): ([^']+)' -d '([^']+)'$/m.exec(stdout);
  const [, address = '', header = '', value = '', body = ''] = command ?? [];
  const response = await fetch(address, { method: 'POST', headers: { [header]: value }, body });
  const reply = new Reply(body, response.status, response.headers, await response.text());
  expect(new URL(address).port).toBe(new URL(url).port);
  return new Client(url, reply.data.login.accessToken);
}

test('seed makes a demo account beside the running server, and prints a log-in that works', async ({ start, run }) => {
  const url = await start().url();
  const port = { PORT: new URL(url).port };
  const ending = await run(port, 'seed');
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  expect(ending.stdout).toContain('Created the account demo@example.com with 300 tasks');
  const hasIde = existsSync(join(repository, 'dist/ide'));
  expect(ending.stdout.includes(`Or open http://localhost:${port.PORT}/graphql in a browser`)).toBe(hasIde);
  const demo = await logInAsPrinted(ending, url);
  const { totalCount } = (await demo.run(countTasks)).data.tasks;
  expect(totalCount).toBeGreaterThan(250);
  expect(totalCount).toBeLessThan(300);
  const { lists, archived, labels, tasks } = (await demo.run(whatIsThere)).data;
  const names = lists.nodes.map(({ name }: { name: string }) => name);
  expect(names).toEqual(['Home', 'Work', 'Groceries', 'Trip to Lisbon', 'Reading']);
  expect(archived.nodes).toEqual([{ name: 'Kitchen renovation' }]);
  expect(labels.totalCount).toBe(10);
  expect(tasks.nodes.some((task: { labels: unknown[] }) => task.labels.length > 0)).toBe(true);
  const trip = lists.nodes[3].tasks.nodes.find(({ title }: { title: string }) => title === 'Pack for Lisbon');
  const packing = trip.subtasks.nodes.map(({ title }: { title: string }) => title);
  expect(packing).toEqual(['Documents', 'Clothes for five days', 'Chargers and the small camera', 'Sunscreen']);

  // Again: what somebody has made of the account meanwhile stays.
  await demo.createTask('Mine');
  const again = await run(port, 'seed');
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).toContain('already exists, with 301 tasks. Nothing was changed.');
  const later = await logInAsPrinted(again, url);
  expect((await later.run(countTasks)).data.tasks.totalCount).toBe(totalCount + 1);
});

test('seed before the first start makes the database, and stops it again', async ({ start, run }) => {
  const ending = await run({ PORT: '4711' }, 'seed');
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  expect(ending.stdout).toContain('Start the server (npm start), then log in:\n  curl http://localhost:4711/graphql ');
  const login = 'mutation { login(input: { email: "demo@example.com", password: "demo-password" }) { accessToken } }';
  const { data } = await new Client(await start().url()).run(login);
  expect(data.login.accessToken).toBeTruthy();
});

test('seed asks before it gives a server an account whose password is public', async ({ run, emptyDatabase }) => {
  const { host } = new URL(emptyDatabase.DATABASE_URL);
  expectRefusal(await run(emptyDatabase, 'seed'), 3, 'demo@example.com', host, '--yes');
  expectRefusal(await run(emptyDatabase, 'seed', '--users', '2'), 3, 'user2@example.com', host, '--yes');
  const tables = await query(emptyDatabase.DATABASE_URL, "select from pg_tables where schemaname = 'public'");
  expect(tables, 'nothing was migrated either').toEqual([]);
  const ending = await run(emptyDatabase, 'seed', '--yes');
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  expect(ending.stdout, 'there is no IDE').not.toContain('browser');
});

test('seed leaves an account alone that somebody else has signed up as demo', async ({ run, settings }) => {
  const insert = `insert into "user" (id, email, password_hash, created_at)
    values (gen_random_uuid(), 'Demo@example.com', $1, now())`;
  await query(settings.DATABASE_URL, insert, [`$2b$04$${'.'.repeat(53)}`]);
  const ending = await run(settings, 'seed', '--yes');
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  expect(ending.stdout).toContain('already exists, with 0 tasks. Nothing was changed.');
  expect(ending.stdout).not.toContain('curl');
});

const bulk = ['seed', '--yes', '--users', '30', '--tasks-per-user', '40'];
const texts =
  'select title, description, priority from task join "user" on "user".id = user_id order by email, 1, 2, 3';

const wholes = `select (select count(*)::int from task_list) as lists, count(task.list_id)::int as placed,
    count(task.parent_id)::int as parts, (select count(distinct task_id)::int from task_label) as labelled,
    count(*) filter (where (parent.list_id, parent.deleted_at) is distinct from (task.list_id, task.deleted_at)
      and task.parent_id is not null)::int as astray
  from task left join task parent on parent.user_id = task.user_id and parent.id = task.parent_id`;

test('seed --users makes many accounts, the same on each empty database', async ({ run, settings, folder }) => {
  const ending = await run(settings, ...bulk);
  expect(ending).toMatchObject({ code: 0 });
  expect(ending.stdout).toContain(
    'Created the accounts user1@example.com to user30@example.com with 40 tasks each in 5 lists',
  );
  expect(ending.stdout).toContain('All of them share the password "demo-password"');
  expect(ending.stderr).toMatch(/^100 %, 1,200 of 1,200 tasks\n$/m);
  const rows = await query(settings.DATABASE_URL, texts);
  expect(rows).toHaveLength(1_200);
  expect(folder).toBeTruthy();
  const [counts] = await query(settings.DATABASE_URL, wholes);
  expect(counts).toMatchObject({ lists: 150, astray: 0 });
  for (const count of [counts?.placed, counts?.parts, counts?.labelled]) expect(count).toBeGreaterThan(100);
});

test('seed --users refuses where its accounts already exist, and changes nothing', async ({ run, settings }) => {
  expect(await run(settings, 'seed', '--yes', '--users', '2', '--tasks-per-user', '1')).toMatchObject({ code: 0 });
  expectRefusal(await run(settings, ...bulk), 2, 'already exist', 'npm start -- reset');
  const [counts] = await query(
    settings.DATABASE_URL,
    'select (select count(*)::int from "user") as users, (select count(*)::int from task) as tasks',
  );
  expect(counts).toEqual({ users: 2, tasks: 2 });
});
