import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';

/** The mail server that SMTP_URL names. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /** `implicit`: from the first byte; `starttls`: required before anything else is sent; `none`: in clear text. */
  readonly tls: 'implicit' | 'starttls' | 'none';
  readonly credentials: { readonly user: string; readonly password: string } | null;
  /** PEM of the authorities to trust instead of those of Node.js. */
  readonly ca: string | null;
}

const form =
  'must be a URL such as smtps://user:password@smtp.example.com or smtp://user:password@smtp.example.com:587';

/** @throws Error whose message continues after the setting's name, and never repeats a value, which may be the password */
export function parseSmtpUrl(value: string): SmtpServer {
  const [scheme, url] = parse(value);
  const { isTlsOff, ca } = parametersOf(url);
  if (scheme === 'smtps' && isTlsOff) throw new Error('has tls=off with smtps://; write smtp:// instead');
  const tls = scheme === 'smtps' ? 'implicit' : isTlsOff ? 'none' : 'starttls';
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const credentials = credentialsOf(url);
  if (credentials && isTlsOff && !isLoopback(host)) {
    throw new Error('would send the password unencrypted; remove tls=off');
  }
  return { host, port: Number(url.port) || { implicit: 465, starttls: 587, none: 25 }[tls], tls, credentials, ca };
}

function parse(value: string): [scheme: string, url: URL] {
  if (/^["'`]/.test(value)) throw new Error(`is in quotes; remove them: it ${form}`);
  const [, scheme = '', authority = ''] = /^(smtps?):\/\/([^/?#]*)\/?(?:\?[^#]*)?$/i.exec(value) ?? [];
  const url = URL.parse(value);
  if (scheme !== '' && url !== null && url.hostname !== '' && authority.split('@').length < 3) {
    return [scheme.toLowerCase(), url];
  }
  const isCut = /^smtps?:/i.test(value) && value.includes('@');
  throw new Error(isCut ? `${form}; in the user and password, write %2F, %3F, %23 and %40 for /, ?, # and @` : form);
}

function parametersOf({ searchParams: parameters }: URL) {
  for (const name of parameters.keys()) {
    if (!['tls', 'ca'].includes(name)) throw new Error('has an unknown parameter; there are tls and ca');
    if (parameters.getAll(name).length > 1) throw new Error(`has the parameter ${name} twice`);
  }
  if (parameters.has('tls') && parameters.get('tls') !== 'off') throw new Error('must have tls=off, or no tls');
  const file = parameters.get('ca');
  return { isTlsOff: parameters.has('tls'), ca: file === null ? null : readAuthorities(file) };
}

function readAuthorities(file: string): string {
  try {
    const text = readFileSync(file, 'utf8');
    new X509Certificate(text);
    return text;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`has a file that is no readable certificate as ca (${code}): ${file}`);
  }
}

function credentialsOf({ username, password }: URL): SmtpServer['credentials'] {
  if (username === '' && password === '') return null;
  if (username === '' || password === '') throw new Error('must have both a user and a password, or neither');
  try {
    return { user: decodeURIComponent(username), password: decodeURIComponent(password) };
  } catch {
    throw new Error('has a % that is not part of a percent-encoded character; write %25 for a %');
  }
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
