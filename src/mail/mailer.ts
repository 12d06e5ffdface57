import { join } from 'node:path';
import type { Config } from '../config.ts';
import { layOut } from './layout.ts';
import type { MailContent, MailTransport } from './mail.ts';
import { Outbox } from './outbox.ts';
import { SmtpTransport } from './smtp.ts';

/** Sends the mails of features. */
export class Mailer {
  constructor(
    private readonly transport: MailTransport,
    /** What mails call the product. */
    readonly appName: string,
    private readonly linksUrl: () => Promise<string>,
  ) {}

  /** Local mode's outbox; null: mails are sent. */
  get outbox(): Outbox | null {
    return this.transport instanceof Outbox ? this.transport : null;
  }

  /**
   * A link for a mail. The token is in the fragment, which browsers send to no server: no log and no Referer has it, and
   * programs that open links to check them do not use it up.
   */
  async linkTo(path: string, token: string): Promise<string> {
    return `${await this.linksUrl()}${path}#token=${token}`;
  }

  /** @param id the same whenever the same mail is sent again @throws as MailTransport */
  async send(id: string, to: string, content: MailContent, signal: AbortSignal): Promise<void> {
    await this.transport.send({ id, to, subject: content.subject, ...layOut(this.appName, content) }, signal);
  }
}

/**
 * @param listening resolves with the server's own address
 * @returns null if mail is off: with DATABASE_URL and without SMTP_URL
 */
export function createMailer(config: Config, isLocal: boolean, listening: Promise<string>): Mailer | null {
  const { smtpUrl, mailFrom, appName, mailLinksUrl, publicUrl, dataDir } = config;
  if (smtpUrl === null && !isLocal) return null;
  const sender = mailFrom ?? { name: null, address: 'no-reply@localhost' };
  const transport = smtpUrl
    ? new SmtpTransport(smtpUrl, sender, appName)
    : new Outbox(join(dataDir, 'outbox'), sender, appName);
  return new Mailer(transport, appName, async () => mailLinksUrl ?? publicUrl ?? (await listening));
}
