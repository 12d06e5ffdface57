import { expect, onTestFinished } from 'vitest';
import { Client } from '../support/client.ts';
import { succeed } from '../support/mail-mutations.ts';
import { certificateFile, MailServer, mailPassword, mailUser } from '../support/mail-server.ts';
import { linkIn } from '../support/mailing-server.ts';
import { test } from '../support/program.ts';

test('a server that is killed while a mail server takes its mail sends the same mail again', async ({
  start,
  settings,
}) => {
  const mail = new MailServer();
  const port = await mail.listen();
  onTestFinished(() => mail.stop());
  const take = mail.takes;
  mail.takes = async (stream, session) => {
    await take(stream, session);
    // The first one is taken, and its 250 never arrives.
    if (mail.received.length === 1) await new Promise(() => {});
  };
  const url = new URL(`smtp://127.0.0.1:${port}?ca=${certificateFile}`);
  [url.username, url.password] = [mailUser, encodeURIComponent(mailPassword)];
  const env = {
    ...settings,
    SMTP_URL: url.href,
    MAIL_FROM: 'todo@mail.example.com',
    PUBLIC_URL: 'https://todo.example.com',
  };
  const first = start(env);
  const user = await Client.signUp(await first.url());
  await mail.mailsTo(user.email);
  await first.stop('SIGKILL');

  const second = await start(env).url();
  await expect.poll(() => mail.received).toHaveLength(2);
  const [before, after] = mail.received;
  if (!before || !after) throw new Error('Two mails came.');
  expect(after.parsed.messageId).toBe(before.parsed.messageId);
  expect(linkIn(after)).toEqual(linkIn(before));
  await succeed(new Client(second), 'verifyEmail', { token: linkIn(before).token });
});
