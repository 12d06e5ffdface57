import { isIP } from 'node:net';

// Parsers for the values of settings. Each throws an Error whose message continues after the setting's name.

export function parseInteger(value: string, min: number, max: number): number {
  const number = Number(value);
  if (!/^\d{1,6}$/.test(value) || number < min || number > max) {
    throw new Error(`must be a whole number from ${min} to ${max}`);
  }
  return number;
}

const namedRanges = ['loopback', 'linklocal', 'uniquelocal'];

/** Addresses, not a number of proxies: with a number, a client that bypasses the proxies could claim any address. */
export function parseProxies(value: string): string[] {
  const proxies = value.split(',').map((proxy) => proxy.trim());
  if (!proxies.every((proxy) => namedRanges.includes(proxy) || isRange(proxy))) {
    throw new Error('must be addresses of proxies such as 10.0.0.5, 10.0.0.0/8 or loopback, separated by commas');
  }
  return proxies;
}

function isRange(text: string): boolean {
  const [, address = '', bits] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  return isIP(address) !== 0 && Number(bits ?? 1) >= 1 && Number(bits ?? 1) <= (isIP(address) === 4 ? 32 : 128);
}

export function parseHost(value: string): string {
  if (/[\s/]/.test(value)) throw new Error('must be a host name or an IP address');
  return value;
}

const secondsPer = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
// `expiresIn` is a GraphQL Int, and no token should live for more than a year.
const longestTtl = 366 * 86_400;

/** A number of seconds, or a number with a unit: "604800", "90m", "12h", "7d". */
export function parseDuration(value: string, longest = longestTtl): number {
  const match = /^(\d{1,9})([smhd]?)$/.exec(value);
  const unit = (match?.[2] || 's') as keyof typeof secondsPer;
  const seconds = Number(match?.[1]) * secondsPer[unit];
  if (!(seconds >= 1 && seconds <= longest)) {
    const most = `${longest / secondsPer.d}d`;
    throw new Error(`must be a duration such as 3600 (seconds), 90m, 12h or 1d, at most ${most}`);
  }
  return seconds;
}

// Words from published examples: a secret that contains one was copied, not generated.
const placeholder =
  /change.?(me|this|it)|replace|placeholder|example|your.?(jwt.?|256.?bit.?|super.?)?secret|secret.?key/i;

/** RFC 7518 3.2: an HS256 key has at least the 32 bytes of the hash's output. */
export function parseSecret(value: string): string {
  if (Buffer.byteLength(value) < 32) throw new Error('must be at least 32 bytes');
  if (placeholder.test(value)) throw new Error('is a placeholder; generate one with: openssl rand -base64 48');
  if (new Set(value).size < 8) throw new Error('repeats itself; generate one with: openssl rand -base64 48');
  return value;
}

/** Origins as browsers send them. A wildcard or a path would never match, and any page can have the origin "null". */
export function parseOrigins(value: string): string[] {
  const entries = value.split(',').map((entry) => entry.trim());
  const wrong = entries.filter((entry) => originOf(entry) === null);
  if (wrong.length > 0) {
    // Without a user and password.
    const named = wrong.map((entry) => JSON.stringify(entry.replace(/\/\/.*@/, '//…@')));
    const form = 'origins such as https://app.example.com or capacitor://localhost';
    throw new Error(`must be ${form}, separated by commas, without * or path; these are not: ${named.join(', ')}`);
  }
  return entries.map(originOf).filter((origin) => origin !== null);
}

/** Schemes whose pages have no origin, or one of another scheme. */
const withoutOrigin = /^(about|blob|data|file|ftp|javascript|ws|wss):$/;

function originOf(entry: string): string | null {
  const [, scheme = '', host = ''] = /^([a-z][a-z\d+.-]*:)\/\/([^\s/?#@\\]+)\/?$/i.exec(entry) ?? [];
  const url = URL.parse(entry);
  if (!url || host === '' || withoutOrigin.test(url.protocol) || url.host.includes('*')) return null;
  if (/^https?:$/.test(url.protocol)) return url.origin;
  // Apps and browser extensions: the standard does not define their origins, and webviews send scheme and host unchanged.
  return /^[\w.-]+(:\d{1,5})?$/.test(host) ? `${scheme.toLowerCase()}//${host}` : null;
}

export function parseSwitch(value: string): boolean {
  if (!/^(on|off)$/i.test(value)) throw new Error('must be on or off');
  return value.toLowerCase() === 'on';
}

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Parses one of these words, ignoring case. */
export function parseOneOf<const Word extends string>(...words: readonly Word[]): (value: string) => Word {
  return (value) => {
    const word = words.find((known) => known === value.toLowerCase());
    if (!word) throw new Error(`must be one of ${words.join(', ')}`);
    return word;
  };
}
