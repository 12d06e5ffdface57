import { randomUUID } from 'node:crypto';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { MailRefused } from '../../src/mail/mail.ts';
import { createMailer, type Mailer } from '../../src/mail/mailer.ts';
import { certificateFile, MailServer, mailPassword, mailUser } from '../support/mail-server.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const credentials = `${encodeURIComponent(mailUser)}:${encodeURIComponent(mailPassword)}@`;
const trusted = `?ca=${certificateFile}`;

/** Starts a mail server. @returns it with a mailer that uses it: `urlFor` makes SMTP_URL from the port */
async function mailing(
  urlFor: (port: number) => string = (port) => `smtp://${credentials}127.0.0.1:${port}${trusted}`,
  options: ConstructorParameters<typeof MailServer>[0] = {},
) {
  const server = new MailServer(options);
  const port = await server.listen();
  closers.push(() => server.stop());
  return { server, mailer: mailerFor(urlFor(port)) };
}

function mailerFor(url: string): Mailer {
  const env = {
    SMTP_URL: url,
    MAIL_FROM: 'Tödo <todo@mail.example.com>',
    PUBLIC_URL: 'https://todo.example.com/',
    APP_NAME: 'Tödo',
  };
  const mailer = createMailer(
    loadConfig(env),
    false,
    Promise.reject(new Error('not asked for')).catch(() => ''),
  );
  if (mailer === null) throw new Error('Mail is off.');
  return mailer;
}

const never = new AbortController().signal;
const content = {
  subject: 'Grüße',
  paragraphs: ['One & <two>.'],
  action: { label: 'Open', url: 'https://x.example/#a=b' },
};

describe('a mail arrives', () => {
  test.each([
    ['by STARTTLS', undefined, {}],
    ['by TLS from the start', (port: number) => `smtps://${credentials}localhost:${port}${trusted}`, { secure: true }],
  ])('%s, after a log-in', async (_name, urlFor, options) => {
    const { server, mailer } = await mailing(urlFor, options);
    const id = randomUUID();
    await mailer.send(id, 'ada@example.com', content, never);
    const [mail] = await server.mailsTo('ada@example.com');
    expect(mail).toMatchObject({ isEncrypted: true, user: mailUser });
    expect(mail?.parsed).toMatchObject({
      messageId: `<${id}@mail.example.com>`,
      subject: 'Grüße',
      from: { value: [{ name: 'Tödo', address: 'todo@mail.example.com' }] },
      to: { value: [{ name: '', address: 'ada@example.com' }] },
    });
    expect(mail?.parsed.headers.get('auto-submitted')).toBe('auto-generated');
    expect(mail?.parsed.text).toBe('One & <two>.\n\nOpen:\nhttps://x.example/#a=b\n\n-- \nTödo\n');
    expect(mail?.parsed.html).toContain('<p>One &amp; &lt;two&gt;.</p>');
    expect(mail?.parsed.html).toContain('href="https://x.example/#a=b"');
    // No pictures, scripts or anything else that would be loaded.
    expect(mail?.parsed.html).not.toMatch(/<(img|script|link|iframe|object)|url\(|src=/i);
    expect(mail?.parsed.html).toContain('color-scheme: light dark');
  });

  test('in clear text only where the settings say so', async () => {
    const { server, mailer } = await mailing((port) => `smtp://127.0.0.1:${port}?tls=off`, { authOptional: true });
    await mailer.send(randomUUID(), 'ada@example.com', content, never);
    expect(await server.mailsTo('ada@example.com')).toMatchObject([{ isEncrypted: false, user: undefined }]);
  });

  test('with a subject and an address of other scripts, in one header line each', async () => {
    const { server, mailer } = await mailing();
    const subject = 'One\r\nBcc: eve@example.com\r\n\r\n<b>two</b>\u2028three';
    await mailer.send(randomUUID(), 'ada@bücher.example', { ...content, subject }, never);
    const [mail] = await server.mailsTo('ada@bücher.example');
    expect(mail?.parsed.bcc).toBeUndefined();
    expect(mail?.parsed.subject).toBe('One Bcc: eve@example.com <b>two</b> three');
    expect(mail?.parsed.html).toContain('&lt;b&gt;two&lt;/b&gt;');
  });
});

describe('a mail is not sent, and the reason has no address', () => {
  const send = (mailer: Mailer, signal = never) => mailer.send(randomUUID(), 'ada@example.com', content, signal);

  test('to a server without TLS', async () => {
    const { server, mailer } = await mailing(undefined, { hideSTARTTLS: true, disabledCommands: ['STARTTLS'] });
    await expect(send(mailer)).rejects.toThrow(/^the mail server .*(ETLS|STARTTLS)/);
    expect(server.received).toEqual([]);
  });

  test.each([
    ['smtp', {}],
    ['smtps', { secure: true }],
  ])('to a server whose certificate nobody vouches for: %s', async (scheme, options) => {
    const { server, mailer } = await mailing((port) => `${scheme}://${credentials}127.0.0.1:${port}`, options);
    await expect(send(mailer)).rejects.toThrow(/^the mail server could not be used .*self-signed certificate/);
    expect(server.received).toEqual([]);
  });

  test('with a wrong password, which is to be mended', async () => {
    const { mailer } = await mailing((port) => `smtp://todo:wrong@127.0.0.1:${port}${trusted}`);
    const refusal = await send(mailer).catch((error: unknown) => error);
    expect(refusal).not.toBeInstanceOf(MailRefused);
    expect(String(refusal)).toBe('Error: the mail server answered 535 to AUTH PLAIN');
  });

  test.each([
    [550, true],
    [450, false],
  ])('to a recipient that the server refuses with %i: for good is %s', async (responseCode, isForGood) => {
    const { mailer } = await mailing(undefined, {
      onRcptTo: ({ address }, _session, done) =>
        done(Object.assign(new Error(`5.1.1 no ${address} here`), { responseCode })),
    });
    const refusal = await send(mailer).catch((error: unknown) => error);
    expect(refusal instanceof MailRefused).toBe(isForGood);
    expect(String(refusal)).toMatch(new RegExp(`: the mail server answered ${responseCode} (5.1.1 )?to RCPT TO$`));
  });

  test('where the server refuses its content for good', async () => {
    const { mailer } = await mailing(undefined, {
      onData(stream, _session, done) {
        stream.resume();
        stream.on('end', () => done(Object.assign(new Error('spam'), { responseCode: 554 })));
      },
    });
    await expect(send(mailer)).rejects.toBeInstanceOf(MailRefused);
  });

  test('where nothing listens', async () => {
    const { server, mailer } = await mailing();
    await server.stop();
    await expect(send(mailer)).rejects.toThrow(/^the mail server could not be used \((ESOCKET|ECONNECTION)\)/);
  });

  /** A server that takes connections and says nothing. */
  async function silentServer() {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket.on('error', () => {})));
    const listening = Promise.withResolvers<void>();
    silent.listen(0, '127.0.0.1', listening.resolve);
    await listening.promise;
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      silent.close();
    });
    const { port } = silent.address() as { port: number };
    return { sockets, mailer: mailerFor(`smtp://127.0.0.1:${port}?tls=off`) };
  }

  test('to a server that hangs: it gives up after ten seconds', async () => {
    const { mailer } = await silentServer();
    const start = performance.now();
    await expect(send(mailer)).rejects.toThrow(/^the mail server could not be used \(ETIMEDOUT\)/);
    expect(performance.now() - start).toBeLessThan(20_000);
  }, 30_000);

  test('once the server of todoql stops', async () => {
    const { mailer, sockets } = await silentServer();
    const stopping = new AbortController();
    const sending = send(mailer, stopping.signal);
    const refused = expect(sending).rejects.toThrow(/^the mail server could not be used/);
    await expect.poll(() => sockets.length).toBe(1);
    stopping.abort();
    await refused;
  });
});
