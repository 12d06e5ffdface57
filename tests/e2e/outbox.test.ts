import { readdir, readFile, stat } from 'node:fs/promises';
import { request } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { simpleParser } from 'mailparser';
import { expect } from 'vitest';
import { Client } from '../support/client.ts';
import { succeed } from '../support/mail-mutations.ts';
import { expectRefusal, test } from '../support/program.ts';

/** By node:http: fetch sets the Host itself. */
function get(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: object; text: string }> {
  return new Promise((resolve, reject) => {
    request(url, { headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    })
      .on('error', reject)
      .end();
  });
}

/** Of the answer to a request that node:http does not make. */
async function firstLine(port: number, head: string): Promise<string> {
  const socket = connect(port, '127.0.0.1', () => socket.write(`${head}\r\nConnection: close\r\n\r\n`));
  return (await text(socket)).split('\r\n')[0] ?? '';
}

test('in local mode mails are files, which /outbox shows to this machine only', async ({ folder, start, run }) => {
  const url = await start({ APP_NAME: 'Tödo & Co' }).url();
  expect((await get(`${url}/outbox`)).text).toContain('No mail yet.');
  const ending = await run({ APP_NAME: 'Tödo & Co' }, 'test-mail', 'ada@example.com');
  expect(ending).toMatchObject({ code: 0, stderr: '' });
  expect(ending.stdout).toBe('Mail to ada@example.com: A test of Tödo & Co\n');

  const outbox = join(folder, '.data/outbox');
  const [name = '', ...others] = await readdir(outbox);
  expect([name.endsWith('.eml'), others]).toEqual([true, []]);
  expect((await stat(join(outbox, name))).mode & 0o777).toBe(0o600);
  const mail = await simpleParser(await readFile(join(outbox, name)));
  expect(mail).toMatchObject({ subject: 'A test of Tödo & Co', to: { text: 'ada@example.com' } });

  const list = await get(`${url}/outbox`);
  expect(list.status).toBe(200);
  for (const part of ['A test of Tödo &amp; Co', 'ada@example.com', 'This is a test.', `/outbox/${name}`]) {
    expect(list.text).toContain(part);
  }
  const shown = await get(`${url}/outbox/${name}`);
  expect(shown.text).toContain('<p>This is a test. Tödo &amp; Co can send mail to this address.</p>');
  expect(shown.headers).toMatchObject({
    'content-security-policy': expect.stringMatching(/default-src 'none'.*sandbox/),
  });

  const { port } = new URL(url);
  for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`, 'LOCALHOST']) {
    expect((await get(`${url}/outbox`, { host })).status, host).toBe(200);
  }
  // A link of this documentation, on whatever site: the page that has it gets no handle of the one that opens.
  const link = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
  const opened = await get(`${url}/outbox`, link);
  expect(opened).toMatchObject({ status: 200, headers: { 'cross-origin-opener-policy': 'same-origin' } });
  for (const headers of [
    { host: 'evil.example' },
    { host: 'localhost.evil.example' },
    { host: `127.0.0.1.evil.example:${port}` },
    { origin: 'http://localhost:5173' },
    { 'x-forwarded-for': '127.0.0.1' },
    { forwarded: 'for=127.0.0.1' },
    { via: '1.1 proxy' },
    { 'x-real-ip': '127.0.0.1' },
    { 'x-forwarded-proto': 'https' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' },
    { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'document' },
  ]) {
    for (const path of ['/outbox', `/outbox/${name}`]) {
      const refused = await get(`${url}${path}`, headers as Record<string, string>);
      expect([refused.status, refused.text.includes('test')], JSON.stringify(headers)).toEqual([404, false]);
    }
  }
  expect(await firstLine(Number(port), `GET /outbox HTTP/1.1\r\nHost: 127.0.0.1:${port}`)).toContain(' 200 ');
  expect(await firstLine(Number(port), `GET /outbox HTTP/1.0\r\nHost: 127.0.0.1:${port}`)).toContain(' 404 ');
  for (const path of ['../jwt-secret', '..%2Fjwt-secret', '%2e%2e%2fjwt-secret', 'x.eml']) {
    expect((await get(`${url}/outbox/${path}`)).status, path).toBe(404);
  }
});

test('in local mode the link of a mail is printed, and works', async ({ start }) => {
  const program = start();
  const url = await program.url();
  const user = await Client.signUp(url, 'ada@example.com');
  await expect.poll(() => program.stdout, { timeout: 20_000 }).toContain('Mail to ada@example.com: Confirm your');
  const [, link = '', token = ''] = /^ {2}(http\S+\/verify-email#token=(\S+))$/m.exec(program.stdout) ?? [];
  expect(link).toBe(`${url}/verify-email#token=${token}`);
  expect((await get(`${url}/outbox`)).text).toContain(`<a href="${link}">${link}</a>`);
  await succeed(new Client(url), 'verifyEmail', { token });
  expect((await user.run('{ me { emailVerified } }')).data.me.emailVerified).toBe(true);
});

test('with DATABASE_URL there is no outbox, and mail is off until SMTP_URL is set', async ({
  settings,
  start,
  run,
}) => {
  const program = start(settings);
  await expect.poll(() => program.stdout).toContain('"msg":"listening"');
  expect(program.stdout).toContain('mail is off: with SMTP_URL, MAIL_FROM and PUBLIC_URL it is sent');
  const [, url = ''] = /"url":"([^"]+)"/.exec(program.stdout) ?? [];
  expect((await get(`${url}/outbox`)).status).toBe(404);
  expectRefusal(await run(settings, 'test-mail', 'ada@example.com'), 1, 'Mail is off: set SMTP_URL');
  const mail = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'todo@example.com', PUBLIC_URL: 'https://todo.example' };
  expectRefusal(await run({ ...settings, ...mail }, 'test-mail', 'ada@example.com'), 1, 'The mail was not sent: ');
  expectRefusal(await run({ ...settings, ...mail }, 'test-mail', 'ada'), 2, 'needs an e-mail address');
});
