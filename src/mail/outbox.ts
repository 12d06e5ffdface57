import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Sender } from '../settings/mail-values.ts';
import type { Mail, MailTransport } from './mail.ts';
import { messageOf } from './message.ts';

/** Mails that /outbox lists at most. */
const maximumShown = 50;

const fileName = /^\d{8}T\d{9}Z-[\w-]+\.eml$/;

/** Local mode's transport: every mail becomes a file, which mail programs can open. */
export class Outbox implements MailTransport {
  constructor(
    readonly folder: string,
    private readonly sender: Sender,
    private readonly appName: string,
  ) {}

  async send(mail: Mail): Promise<void> {
    const { createTransport } = await import('nodemailer');
    const composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
    const { message } = await composer.sendMail(messageOf(this.sender, this.appName, mail));
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    // In the order of their time.
    const name = `${new Date().toISOString().replaceAll(/[-:.]/g, '')}-${mail.id}.eml`;
    // Renamed, so that nobody reads half a mail.
    const unfinished = join(this.folder, `.${randomUUID()}`);
    await writeFile(unfinished, message as Buffer, { mode: 0o600 });
    await rename(unfinished, join(this.folder, name));
    const [, link] = /^(\S+:\/\/\S+)$/m.exec(mail.text) ?? [];
    // For the person who started the server.
    console.log(`Mail to ${mail.to}: ${mail.subject}${link ? `\n  ${link}` : ''}`);
  }

  /** The newest files, newest first. */
  async newest(): Promise<string[]> {
    const names = await readdir(this.folder).catch(() => []);
    return names
      .filter((name) => fileName.test(name))
      .sort()
      .reverse()
      .slice(0, maximumShown);
  }

  /** A file's content; null if there is none of that name. */
  async read(name: string): Promise<string | null> {
    return fileName.test(name) ? readFile(join(this.folder, name), 'utf8').catch(() => null) : null;
  }
}
