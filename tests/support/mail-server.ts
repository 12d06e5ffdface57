import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import { expect } from 'vitest';

/** Of localhost and 127.0.0.1, trusted by nobody, and valid until 2123. */
export const certificateFile = join(import.meta.dirname, 'localhost-certificate.pem');
const cert = readFileSync(certificateFile);
const key = readFileSync(join(import.meta.dirname, 'localhost-key.pem'));

/** A mail as it arrived. */
export interface ReceivedMail {
  /** The recipient of the envelope. */
  readonly to: string;
  readonly isEncrypted: boolean;
  /** The user who logged in. */
  readonly user: string | undefined;
  readonly raw: string;
  readonly parsed: ParsedMail;
}

export const mailUser = 'todo';
export const mailPassword = 'p/a?s#s @1';

/** A mail server on this machine. By default, it offers STARTTLS, and takes any mail after a log-in. */
export class MailServer {
  readonly received: ReceivedMail[] = [];
  readonly #server: SMTPServer;

  constructor(options: SMTPServerOptions = {}) {
    this.#server = new SMTPServer({
      cert,
      key,
      closeTimeout: 100,
      logger: false,
      onAuth({ username, password }, _session, done) {
        if (username === mailUser && password === mailPassword) done(null, { user: username });
        else done(Object.assign(new Error('Wrong user or password'), { responseCode: 535 }));
      },
      onData: (stream, session, done) => {
        this.takes(stream, session).then(
          () => done(),
          (error) => done(error),
        );
      },
      ...options,
    });
    // Clients break off in tests.
    this.#server.on('error', () => {});
  }

  /** Takes a mail; a test may replace it. */
  takes = async (stream: Readable, session: SMTPServerSession): Promise<void> => {
    const raw = await text(stream);
    const to = session.envelope.rcptTo[0]?.address ?? '';
    const user = session.user as string | undefined;
    this.received.push({ to, isEncrypted: session.secure === true, user, raw, parsed: await simpleParser(raw) });
  };

  /** @param port 0: any free one @returns the port */
  async listen(port = 0): Promise<number> {
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server.server, 'listening');
    return (this.#server.server.address() as AddressInfo).port;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** The mails to an address, once there are so many. @param subject of the mails that count; all by default */
  async mailsTo(to: string, count = 1, subject?: string): Promise<ReceivedMail[]> {
    const mails = () =>
      this.received.filter((mail) => mail.to === to && (subject === undefined || mail.parsed.subject === subject));
    await expect.poll(() => mails().length, { timeout: 20_000 }).toBe(count);
    return mails();
  }
}
