import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { certificateFile } from '../support/mail-server.ts';

const others = { MAIL_FROM: 'todo@example.com', PUBLIC_URL: 'https://todo.example.com' };
const smtp = (value: string) => loadConfig({ ...others, SMTP_URL: value }).smtpUrl;

describe('SMTP_URL', () => {
  test.each([
    ['smtps://ada:pw@smtp.example.com', 'smtp.example.com', 465, 'implicit', { user: 'ada', password: 'pw' }],
    ['smtp://ada:p%2Fw%40@smtp.example.com/', 'smtp.example.com', 587, 'starttls', { user: 'ada', password: 'p/w@' }],
    ['SMTP://smtp.example.com:2525', 'smtp.example.com', 2_525, 'starttls', null],
    ['smtp://mail:1025?tls=off', 'mail', 1_025, 'none', null],
    ['smtp://relay?tls=off', 'relay', 25, 'none', null],
    ['smtp://ada:pw@[::1]:1025?tls=off', '::1', 1_025, 'none', { user: 'ada', password: 'pw' }],
  ])('%s', (value, host, port, tls, credentials) => {
    expect(smtp(value)).toEqual({ host, port, tls, credentials, ca: null });
  });

  test('names a file with the authority to trust', () => {
    expect(smtp(`smtps://mail.internal?ca=${certificateFile}`)?.ca).toContain('-----BEGIN CERTIFICATE-----');
    const key = join(certificateFile, '../localhost-key.pem');
    for (const file of [key, '/nonexistent.pem']) {
      expect(() => smtp(`smtps://mail.internal?ca=${file}`)).toThrow(/SMTP_URL has a file that is no readable cert/);
    }
  });

  test.each([
    ['smtp.example.com', /must be a URL such as smtps:/],
    ['https://smtp.example.com', /must be a URL such as smtps:/],
    ['smtp://', /must be a URL such as smtps:/],
    ['smtp://mail/inbox', /must be a URL such as smtps:/],
    ['"smtp://mail"', /is in quotes/],
    ['smtp://ada:secret#1@mail', /write %2F, %3F, %23 and %40/],
    ['smtp://ada:secret/1@mail', /write %2F, %3F, %23 and %40/],
    ['smtp://ada:secret@1@mail', /write %2F, %3F, %23 and %40/],
    ['smtp://ada:secret%zz@mail', /write %25 for a %/],
    ['smtp://ada@mail', /must have both a user and a password/],
    ['smtp://:secret@mail', /must have both a user and a password/],
    ['smtp://mail?secure=true', /has an unknown parameter/],
    ['smtp://mail?tls=on', /must have tls=off, or no tls/],
    ['smtp://mail?tls=off&tls=off', /has the parameter tls twice/],
    ['smtps://mail?tls=off', /has tls=off with smtps/],
    ['smtp://ada:secret@mail?tls=off', /would send the password unencrypted/],
    ['smtp://ada:secret@127.evil.example?tls=off', /would send the password unencrypted/],
  ])('%s is refused, without its password', (value, message) => {
    expect(() => smtp(value)).toThrow(message);
    expect(() => smtp(value)).not.toThrow(/secret[#/@%1]/);
  });

  test('needs MAIL_FROM and PUBLIC_URL', () => {
    const message = /MAIL_FROM is required with SMTP_URL\n {2}PUBLIC_URL is required with SMTP_URL/;
    expect(() => loadConfig({ SMTP_URL: 'smtp://mail' })).toThrow(message);
  });
});

describe('MAIL_FROM', () => {
  test.each([
    ['todo@example.com', null, 'todo@example.com'],
    ['Todo <todo@example.com>', 'Todo', 'todo@example.com'],
    ['"Todo, Inc." <todo@example.com>', 'Todo, Inc.', 'todo@example.com'],
    ['<todo@localhost>', null, 'todo@localhost'],
  ])('%s', (value, name, address) => {
    expect(loadConfig({ MAIL_FROM: value }).mailFrom).toEqual({ name, address });
  });

  test.each(['todo', 'Todo', '@example.com', 'todo@', 'a@b@c', 'Todo <todo>', 'a@b.c, d@e.f', 'To\r\nBcc: x <a@b.c>'])(
    '%j is refused',
    (value) => {
      expect(() => loadConfig({ MAIL_FROM: value })).toThrow(/MAIL_FROM must be an address such as/);
    },
  );
});

describe('PUBLIC_URL and MAIL_LINKS_URL', () => {
  test.each([
    ['https://todo.example.com', 'https://todo.example.com'],
    ['https://todo.example.com/', 'https://todo.example.com'],
    ['http://localhost:4000/app//', 'http://localhost:4000/app'],
    ['todoapp://account', 'todoapp://account'],
  ])('%s', (value, expected) => {
    expect(loadConfig({ PUBLIC_URL: value, MAIL_LINKS_URL: value })).toMatchObject({
      publicUrl: expected,
      mailLinksUrl: expected,
    });
  });

  test.each([
    'todo.example.com',
    '/app',
    'https://',
    'https://a.example?x=1',
    'https://a.example#x',
    'https://u:p@a.example',
    'https://a.example/?',
    'https://a.example/a#',
    'javascript://a',
    'vbscript://x/y',
    'view-source://x',
    'chrome-extension://abc/x',
    'intent://x',
    'mailto:a@b.c',
  ])('%s is refused', (value) => {
    expect(() => loadConfig({ PUBLIC_URL: value })).toThrow(/PUBLIC_URL must be a URL such as/);
  });
});

test.each(['a\nb', '<b>', 'x'.repeat(61)])('%j is refused as APP_NAME', (value) => {
  expect(() => loadConfig({ APP_NAME: value })).toThrow(/APP_NAME must be a name/);
});
