import { randomUUID } from 'node:crypto';
import type { Config } from '../config.ts';
import { StartError } from '../errors.ts';
import { isEmailAddress } from '../graphql/inputs/email-address.ts';
import { createMailer } from '../mail/mailer.ts';
import { UsageError } from './arguments.ts';

/** Sends a mail by the settings of the server. @returns the exit code */
export async function testMail(config: Config, address: string): Promise<number> {
  if (!isEmailAddress(address)) throw new UsageError('needs an e-mail address');
  const isLocal = config.databaseUrl === null;
  const mailer = createMailer(config, isLocal, Promise.resolve(''));
  if (mailer === null) throw new StartError('Mail is off: set SMTP_URL, MAIL_FROM and PUBLIC_URL.');
  const subject = `A test of ${mailer.appName}`;
  const paragraphs = [`This is a test. ${mailer.appName} can send mail to this address.`];
  try {
    await mailer.send(randomUUID(), address, { subject, paragraphs }, new AbortController().signal);
  } catch (error) {
    console.error(`The mail was not sent: ${(error as Error).message}.`);
    return 1;
  }
  if (!mailer.outbox) console.log(`The mail server took the mail to ${address}.`);
  return 0;
}
