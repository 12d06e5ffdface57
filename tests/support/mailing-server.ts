import { readFileSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import type { ServerConfig } from '../../src/config.ts';
import { certificateFile, MailServer, mailPassword, mailUser, type ReceivedMail } from './mail-server.ts';
import { type TestServer, useServer } from './server.ts';

/** Declares a server that sends its mails to a mail server on this machine, by STARTTLS and after a log-in. */
export function useMailingServer(overrides: Partial<ServerConfig> = {}): { server: TestServer; mail: MailServer } {
  const mail = new MailServer();
  let port = 0;
  beforeAll(async () => {
    port = await mail.listen();
  });
  const server = useServer({
    ...overrides,
    get smtpUrl() {
      return smtpOn(port);
    },
    mailFrom: { name: null, address: 'todo@mail.example.com' },
    publicUrl: 'https://todo.example.com',
    appName: 'Tödo',
  });
  afterAll(() => mail.stop());
  return { server, mail };
}

export function smtpOn(port: number): NonNullable<ServerConfig['smtpUrl']> {
  const credentials = { user: mailUser, password: mailPassword };
  return { host: '127.0.0.1', port, tls: 'starttls', credentials, ca: readFileSync(certificateFile, 'utf8') };
}

/** The address in a mail, the same in both its forms. @returns its path and token */
export function linkIn({ parsed }: ReceivedMail) {
  const [link = '', path = '', token = ''] =
    /https:\/\/todo\.example\.com(\/[a-z-]+)#token=(tqm_[\w-]{43})$/m.exec(parsed.text ?? '') ?? [];
  if (link === '' || !String(parsed.html).includes(`href="${link}"`)) throw new Error(`No link in: ${parsed.text}`);
  return { path, token };
}
