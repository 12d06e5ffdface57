import type { Transporter } from 'nodemailer';
import type { Sender } from '../settings/mail-values.ts';
import type { SmtpServer } from '../settings/smtp-url.ts';
import { type Mail, MailRefused, type MailTransport } from './mail.ts';
import { messageOf } from './message.ts';

/** Milliseconds to connect, for the greeting, and without a byte from the server (RFC 5321 4.5.3.2 allows minutes). */
const patience = 10_000;

/** Milliseconds for a mail in all, also if the server sends a byte now and then. */
const longestSend = 60_000;

interface SmtpError extends Error {
  readonly code?: string;
  readonly command?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/** Sends by a mail server, one connection for each mail. */
export class SmtpTransport implements MailTransport {
  #transporter: Promise<Transporter> | undefined;

  constructor(
    private readonly server: SmtpServer,
    private readonly sender: Sender,
    private readonly appName: string,
  ) {}

  async send(mail: Mail, signal: AbortSignal): Promise<void> {
    this.#transporter ??= connectTo(this.server);
    const transporter = await this.#transporter;
    const limit = AbortSignal.any([signal, AbortSignal.timeout(longestSend)]);
    try {
      await transporter.sendMail({ ...messageOf(this.sender, this.appName, mail), signal: limit });
    } catch (error) {
      const reason = explain(error as SmtpError);
      throw isForGood(error as SmtpError) ? new MailRefused(reason) : new Error(reason);
    }
  }
}

async function connectTo({ host, port, tls, credentials, ca }: SmtpServer): Promise<Transporter> {
  // Only now: a server without mail does without it.
  const { createTransport } = await import('nodemailer');
  return createTransport({
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: ca === null ? {} : { ca },
    ...(credentials ? { auth: { user: credentials.user, pass: credentials.password }, forceAuth: true } : {}),
    dnsTimeout: patience,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

/** RFC 5321 4.2.1: 5xx to the recipient or the content is final. To a log-in it is a mistake in the settings, to be mended. */
function isForGood({ responseCode = 0, command = '' }: SmtpError): boolean {
  return responseCode >= 500 && /^(RCPT TO|DATA)/.test(command);
}

/** Without the server's text, which often repeats the address. */
function explain({ code, command, responseCode, response, message }: SmtpError): string {
  if (responseCode !== undefined) {
    const [, detail = ''] = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})/.exec(response ?? '') ?? [];
    return `the mail server answered ${responseCode}${detail && ` ${detail}`} to ${command}`;
  }
  const isAddressFree = !message.includes('@');
  return `the mail server could not be used (${code ?? 'no code'})${isAddressFree ? `: ${message}` : ''}`;
}
