import { createServer, type Socket } from 'node:net';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, beforeAll, expect, test, vi } from 'vitest';
import { tablesWith } from '../support/deletable-account.ts';
import { succeed } from '../support/mail-mutations.ts';
import { MailServer, type ReceivedMail } from '../support/mail-server.ts';
import { linkIn, smtpOn } from '../support/mailing-server.ts';
import { useServer } from '../support/server.ts';

let port = 0;
// Nothing listens there, until a test does.
beforeAll(async () => {
  const first = new MailServer();
  port = await first.listen();
  await first.stop();
});
const server = useServer({
  get smtpUrl() {
    return smtpOn(port);
  },
  mailFrom: { name: null, address: 'todo@mail.example.com' },
  publicUrl: 'https://todo.example.com',
});

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(options: SMTPServerOptions = {}): Promise<MailServer> {
  const mail = new MailServer(options);
  await mail.listen(port);
  closers.push(() => mail.stop());
  return mail;
}

const subject = 'Reset your todoql password';
const waitingJobs = () => server.sql("select data from public_jobs.job where name = 'mail-password-reset'");
const untilLogged = (text: string) => expect.poll(() => server.logs(), { timeout: 20_000 }).toContain(text);

/** Asks for the mail of a new user. @returns the user's address */
async function ask(): Promise<string> {
  const { email } = await server.newUser();
  await succeed(server.client(), 'requestPasswordReset', { email });
  return email;
}

/** Moves the next attempt of the mail to now. @returns the seconds that it would have waited after so many retries */
async function skipWait(retries: number): Promise<number> {
  const skip = `update public_jobs.job set start_after = now() from public_jobs.job before
    where before.id = job.id and job.name = 'mail-password-reset' and job.state = 'retry' and job.retry_count = $1
    returning extract(epoch from before.start_after - now())::float8 as seconds`;
  return vi.waitFor(
    async () => {
      const [skipped] = await server.sql<{ seconds: number }>(skip, [retries]);
      if (!skipped) throw new Error('Not tried yet.');
      return skipped.seconds;
    },
    { timeout: 20_000, interval: 50 },
  );
}

test('a mail waits for a server that is away for a minute, and arrives when it is back', async () => {
  const email = await ask();
  await untilLogged('a job failed and will be tried again');
  let away = 0;
  for (let retries = 0; away < 60; retries++) away += await skipWait(retries);
  expect(await waitingJobs()).toHaveLength(1);
  const back = await listen();
  const [received] = await back.mailsTo(email, 1, subject);
  expect(received?.isEncrypted).toBe(true);
  await vi.waitFor(async () => expect(await waitingJobs()).toEqual([]), { timeout: 10_000 });
}, 60_000);

test('a mail that may have arrived is sent again as the same one', async () => {
  const mail: MailServer = await listen();
  const take = mail.takes;
  let answered = 0;
  mail.takes = async (stream, session) => {
    await take(stream, session);
    // The sign-up mails as well.
    if (mail.received.at(-1)?.parsed.subject !== subject) return;
    answered += 1;
    if (answered === 1) throw Object.assign(new Error('Lost'), { responseCode: 451 });
  };
  const email = await ask();
  // Meanwhile the job waits, and nothing stored has the token.
  const [early] = await mail.mailsTo(email, 1, subject);
  const { token } = linkIn(early as ReceivedMail);
  expect(await waitingJobs()).toHaveLength(1);
  expect(await tablesWith(server, [email])).toEqual(expect.arrayContaining(['email_token', 'public_jobs.job']));
  expect(await tablesWith(server, [token, token.slice(4)])).toEqual([]);
  const [first, second] = await mail.mailsTo(email, 2, subject);
  if (!first || !second) throw new Error('Two mails came.');
  expect(second.parsed.messageId).toBe(first.parsed.messageId);
  expect(linkIn(second)).toEqual(linkIn(first));
  expect(server.logs()).not.toContain(token);
  await vi.waitFor(async () => expect(await waitingJobs()).toEqual([]), { timeout: 10_000 });
}, 60_000);

test('a mail that the server refuses for good is logged without its address, and not tried again', async () => {
  await listen({
    onRcptTo: ({ address }, _session, done) =>
      done(Object.assign(new Error(`No ${address} here`), { responseCode: 550 })),
  });
  const email = await ask();
  await untilLogged('a mail was refused for good');
  await vi.waitFor(async () => expect(await waitingJobs()).toEqual([]), { timeout: 10_000 });
  expect(server.logs()).toContain('the mail server answered 550');
  expect(server.logs()).not.toContain(email);
});

test('requests do not wait for a server that hangs', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket.on('error', () => {})));
  await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    silent.close();
  });
  const { email } = await server.newUser();
  const start = performance.now();
  await succeed(server.client(), 'requestPasswordReset', { email });
  // Two connections hang: the mail of the sign-up, and this one.
  await expect.poll(() => sockets.length, { timeout: 10_000 }).toBe(2);
  const { email: other } = await server.newUser();
  await succeed(server.client(), 'requestPasswordReset', { email: other });
  expect(performance.now() - start).toBeLessThan(9_000);
  expect(await waitingJobs()).toHaveLength(2);
});
