import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { productName } from '../product-name.ts';
import { nearestName } from './nearest-name.ts';

const form = 'must look like postgresql://user:password@host:5432/database';

/**
 * Rejects what the driver would misread, ignore or report misleadingly. No message repeats a value, which could be part of
 * the password. @returns a URL that the driver and the ORM read alike
 */
export function parseDatabaseUrl(value: string): string {
  const [, authority, path = '', query = ''] =
    /^postgres(?:ql)?:\/\/([^/?#]*)([^?#]*)(?:\?([^#]*))?/i.exec(value) ?? [];
  if (authority === undefined) throw new Error(/^["'`]/.test(value) ? `is in quotes; remove them: it ${form}` : form);
  refuseBareCharacters(value, authority, path);
  const parameters = new URLSearchParams(query);
  const host = authority.slice(authority.lastIndexOf('@') + 1);
  refuseAddress(host, path, parameters);
  refuseParameters(parameters);
  refuseFiles(parameters);
  const isComplete = host === '' ? value.replace(`//${authority}`, `//${authority}localhost`) : value;
  if (URL.parse(isComplete) === null) throw new Error(form);
  return parameters.get('uselibpqcompat') === 'true' ? isComplete : verified(isComplete);
}

function refuseBareCharacters(value: string, authority: string, path: string): void {
  if (/[\s\p{Cc}]/u.test(value)) throw new Error('has a space or a line break in it; write %20 for a space');
  if (/%(?![0-9a-f]{2})/i.test(value))
    throw new Error('has a % that is not followed by two hexadecimal digits; write %25 for a %');
  // After one of these characters, the driver would take the rest of the password for the name of the database.
  const isCut = !authority.includes('@') && (path.includes('@') || (path === '' && value.includes('@')));
  if (isCut || value.includes('#'))
    throw new Error('has a / ? # or @ in the user or password; write %2F, %3F, %23 or %40');
  const notUtf8 = 'has a character that is not percent-encoded as UTF-8; é, for example, is %C3%A9 and not %E9';
  const decoded = attempt(
    () => decodeURIComponent(authority + path),
    () => notUtf8,
  );
  if (decoded.includes('\0')) throw new Error('has a %00 in it');
}

function attempt<Result>(use: () => Result, problem: (error: NodeJS.ErrnoException) => string): Result {
  try {
    return use();
  } catch (error) {
    throw new Error(problem(error as NodeJS.ErrnoException));
  }
}

function refuseAddress(host: string, path: string, parameters: URLSearchParams): void {
  if (path.length < 2) throw new Error(`names no database; it ${form}`);
  if (`${host}${parameters.get('host')}`.includes(',')) throw new Error('names several hosts; it takes one');
  const [, name = '', port = ''] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(host) ?? [];
  if (name === '' && !parameters.get('host')) throw new Error(`names no host; it ${form}`);
  // A parameter takes precedence.
  const ports = [port, parameters.get('port') ?? ''].map((text) => text || '5432');
  if (!ports.every((text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535)) {
    throw new Error('must have a port from 1 to 65535');
  }
}

const modes = ['disable', 'prefer', 'require', 'verify-ca', 'verify-full', 'no-verify'];

// Parameters that this file or the driver uses. All others are ignored.
const known = [
  ...['host', 'port', 'user', 'password', 'options', 'schema', 'application_name', 'channel_binding'],
  ...['ssl', 'sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'sslnegotiation', 'uselibpqcompat'],
];

function refuseParameters(parameters: URLSearchParams): void {
  for (const name of parameters.keys()) refuseName(name, parameters.getAll(name).length);
  const mode = parameters.get('sslmode');
  if (mode !== null && !modes.includes(mode)) throw new Error(`must have an sslmode of ${modes.join(', ')}`);
  const ssl = parameters.get('ssl');
  if (ssl !== null && !['true', '1', '0', 'no-verify'].includes(ssl)) {
    throw new Error('has an unknown value of ssl; write sslmode=verify-full or sslmode=disable instead');
  }
  const negotiation = parameters.get('sslnegotiation');
  if (negotiation !== null && !['postgres', 'direct'].includes(negotiation)) {
    throw new Error('must have an sslnegotiation of postgres or direct');
  }
  if (negotiation === 'direct' && (mode === 'disable' || ssl === '0')) {
    throw new Error('has sslnegotiation=direct, but also turns encryption off; remove one of the two');
  }
}

function refuseName(name: string, count: number): void {
  if (count > 1) throw new Error(`has the parameter "${name}" twice`);
  const meant = known.includes(name) ? undefined : nearestName(name, known);
  if (meant !== undefined) throw new Error(`has an unknown parameter "${name}"; did you mean ${meant}?`);
}

function refuseFiles(parameters: URLSearchParams): void {
  if (parameters.get('sslrootcert') === 'system') {
    throw new Error(
      `has sslrootcert=system, which ${productName} does not support. Remove it: sslmode=verify-full trusts the authorities of Node.js`,
    );
  }
  const [ca, cert, key] = ['sslrootcert', 'sslcert', 'sslkey'].map((name) => readPem(name, parameters.get(name)));
  if ((cert === undefined) !== (key === undefined)) throw new Error('must have sslcert and sslkey, or neither');
  if (parameters.get('uselibpqcompat') === 'true' && parameters.get('sslmode') === 'verify-ca' && ca === undefined) {
    throw new Error('must have sslrootcert with sslmode=verify-ca');
  }
  const unusable = (parameter: string) => (error: Error) => `has an unusable file as ${parameter}: ${error.message}`;
  // TLS silently ignores an authority that it cannot read.
  if (ca !== undefined) attempt(() => new X509Certificate(ca), unusable('sslrootcert'));
  if (cert !== undefined) attempt(() => createSecureContext({ cert, key }), unusable('sslcert or sslkey'));
}

function readPem(parameter: string, file: string | null): string | undefined {
  if (file === null) return undefined;
  const text = attempt(
    () => readFileSync(file, 'utf8'),
    ({ code }) => `has an unreadable file as ${parameter} (${code}): ${file}`,
  );
  if (!text.includes('-----BEGIN ')) throw new Error(`has a file that is not PEM as ${parameter}: ${file}`);
  return text;
}

/** The driver treats these modes as verify-full, with a warning that its next version will not. */
function verified(url: string): string {
  return url.replace(/([?&]sslmode=)(?:prefer|require|verify-ca)(?=&|$)/, '$1verify-full');
}
