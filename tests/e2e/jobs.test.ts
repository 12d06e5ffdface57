import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { query } from '../support/databases.ts';
import { expectRefusal, test } from '../support/program.ts';

/** Creates a label and deletes it, which leaves a job. */
async function deleteLabel(user: Client): Promise<void> {
  const made = await user.run('mutation { createLabel(input: { name: "label" }) { label { id } } }');
  const { id } = made.data.createLabel.label;
  const gone = await user.run('mutation ($id: ID!) { deleteLabel(input: { id: $id }) { deletedId } }', { id });
  expect(gone.data).toEqual({ deleteLabel: { deletedId: id } });
}

const states = (url: string) =>
  query(url, `select name, state::text from public_jobs.job where state <> 'completed' order by created_on`);

const none = 'No job waits, runs or has failed.\n';

test('a job of a server that only serves and is killed is done by another process that only works', async ({
  start,
  run,
  settings,
}) => {
  const url = settings.DATABASE_URL;
  const server = start({ ...settings, JOBS: 'off' });
  const user = await Client.signUp(await server.url());
  await deleteLabel(user);
  await server.stop('SIGKILL');
  expect(await states(url)).toEqual([{ name: 'purge-labels', state: 'created' }]);
  const listed = await run(settings, 'jobs');
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  expect(listed.stdout).toMatch(
    /^id +job +added \(UTC\) +tries +state +last failure\n[0-9a-f-]{36} +purge-labels +20.{14} +0 +waits\n$/,
  );

  const worker = start(settings, 'work');
  await expect.poll(() => worker.stdout).toContain('mail is off: its jobs wait for one with SMTP_URL');
  await expect.poll(() => query(url, 'select from label')).toEqual([]);
  await expect.poll(() => states(url)).toEqual([]);
  expect(await worker.stop()).toMatchObject({ code: 0, stderr: '' });
  expect(await run(settings, 'jobs')).toMatchObject({ code: 0, stderr: '', stdout: none });
});

test('a job that fails is listed with its reason, given up after a day, and runs again when asked to', async ({
  start,
  run,
  settings,
}) => {
  const url = settings.DATABASE_URL;
  await query(url, `create function refuse() returns trigger language plpgsql as 'begin raise ''not now''; end'`);
  await query(url, 'create trigger refuse before delete on label execute function refuse()');
  const server = start(settings);
  const user = await Client.signUp(await server.url());
  await deleteLabel(user);
  await expect.poll(() => states(url)).toEqual([{ name: 'purge-labels', state: 'retry' }]);
  const waiting = await run(settings, 'jobs');
  const [, id = ''] =
    /\n([0-9a-f-]{36}) +purge-labels +\S+ \S+ +1 +waits until \S+ \S+ +not now\n/.exec(waiting.stdout) ?? [];
  expect(id, waiting.stdout).not.toBe('');

  // As after the last attempt but one.
  await query(url, `update public_jobs.job set retry_count = retry_limit - 1, start_after = now() where id = $1`, [id]);
  await expect.poll(() => states(url)).toEqual([{ name: 'purge-labels', state: 'failed' }]);
  await expect.poll(() => server.stdout).toMatch(/"purge-labels".*given up/);
  expect((await run(settings, 'jobs')).stdout).toMatch(/ purge-labels .* given up \S+ \S+ +not now\n/);

  // What pg-boss keeps of a job whose worker was killed has another form.
  const killed = `update public_jobs.job set output = '{"value":{"message":"no sign"}}' where id = $1`;
  await query(url, killed, [id]);
  expect((await run(settings, 'jobs')).stdout).toMatch(/ purge-labels .* given up \S+ \S+ +no sign\n/);

  await query(url, 'drop trigger refuse on label');
  const again = await run(settings, 'jobs', 'retry', id);
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).toContain('(purge-labels) runs again');
  await expect.poll(() => query(url, 'select from label')).toEqual([]);
  await expect.poll(() => states(url)).toEqual([]);
  expectRefusal(await run(settings, 'jobs', 'retry', id), 1, `There is no job ${id}`);
});

test('work and jobs go to the database of a local server that only serves', async ({ start, run }) => {
  const server = start({ JOBS: 'off' });
  const user = await Client.signUp(await server.url());
  await deleteLabel(user);
  // Nobody but the server knows its port.
  expectRefusal(await run({}, 'work'), 1, 'With PORT=0, links in mails would lead nowhere.');
  const worker = start({ PUBLIC_URL: 'http://localhost:4001/' }, 'work');
  await expect.poll(async () => (await run({}, 'jobs')).stdout, { interval: 500 }).toBe(none);
  expect(await worker.stop()).toMatchObject({
    code: 0,
    stderr: '',
    stdout: expect.stringMatching(
      /^Working on jobs\. Stop with Ctrl-C\.\nMail to .*: Confirm.*\n {2}http:\/\/localhost:4001\/verify-email#token=tqm_/,
    ),
  });
  expect(await server.stop()).toMatchObject({ code: 0, stderr: '' });
});

test('an account that is deleted takes its jobs along', async ({ start, settings }) => {
  const url = settings.DATABASE_URL;
  const server = start({ ...settings, JOBS: 'off' });
  const [user, other] = await Promise.all([1, 2].map(async () => Client.signUp(await server.url())));
  for (const each of [user, other]) if (each) await deleteLabel(each);
  const remove = 'mutation ($password: String!) { deleteAccount(input: { password: $password }) { success } }';
  expect((await user?.run(remove, { password: user.password }))?.data.deleteAccount).toEqual({ success: true });
  const [left] = await query(url, 'select id from "user"');
  expect(await query(url, 'select data from public_jobs.job')).toEqual([{ data: { user: left?.id } }]);
});

test('an account that is deleted takes along what was asked for its address', async ({ start, settings }) => {
  const env = { ...settings, JOBS: 'off', SMTP_URL: 'smtp://127.0.0.1:9', MAIL_FROM: 'todo@example.com' };
  const server = start({ ...env, PUBLIC_URL: 'https://todo.example.com' });
  const [user, other] = [
    await Client.signUp(await server.url(), 'Ada@example.com'),
    await Client.signUp(await server.url()),
  ];
  const ask = 'mutation ($email: String!) { requestPasswordReset(input: { email: $email }) { success } }';
  for (const email of ['ada@example.com', 'ADA@example.com', other.email])
    await new Client(user.url).run(ask, { email });
  const asked = () =>
    query(
      settings.DATABASE_URL,
      `select data ->> 'email' as email from public_jobs.job where name = 'mail-password-reset'`,
    );
  expect(await asked()).toHaveLength(3);
  const remove = 'mutation ($password: String!) { deleteAccount(input: { password: $password }) { success } }';
  expect((await user.run(remove, { password: user.password })).data.deleteAccount).toEqual({ success: true });
  expect(await asked()).toEqual([{ email: other.email }]);
});

test('mistakes in the arguments are explained', async ({ run, settings }) => {
  expectRefusal(await run(settings, 'jobs', 'retry'), 2, 'needs an ID');
  expectRefusal(await run(settings, 'jobs', 'retry', 'one'), 1, '"one" is not the id of a job');
  expectRefusal(await run(settings, 'jobs', 'retry', randomUUID()), 1, 'There is no job');
  expectRefusal(await run(settings, 'jobs', 'stop'), 2, 'has no subcommand "stop", only retry');
  expectRefusal(await run(settings, 'work', 'hard'), 2, 'does not take "hard"');
});
