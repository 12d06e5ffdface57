import { domainToASCII, domainToUnicode } from 'node:url';

// A valid e-mail address by the HTML Living Standard, extended to all scripts (RFC 6531) and RFC 5892's contextual
// characters. Only up to U+FF00: full-width characters after it are mistakes of an input method.
const letter = /[[\p{L}\p{M}\p{N}\xb7\u0375\u05f3\u05f4\u200c\u200d\u30fb]&&[\0-\uff00]]/v.source;
const atom = `(?:${letter}|${/[!#$%\&'*+\/=?^_`\{\|\}~\-]/v.source})+`;
const label = `(?!-)(?:${letter}|-){1,63}(?<!-)`;
const topLevel = `(?=${/(?:[\p{L}\p{M}]{2,}|xn[a-z\d\-]{2,})$/v.source})${label}`;
const address = new RegExp(`^(?<name>${atom}(?:\\.${atom})*)@(?:${label}\\.)+${topLevel}$`, 'iv');

/**
 * Requires a domain with a dot, and rejects IP addresses and quoted names, which RFC 5321 advises against. At most 254 bytes,
 * 64 of them before the @ (4.5.3.1).
 */
export function isEmailAddress(text: string): boolean {
  const name = Buffer.byteLength(text) <= 254 ? address.exec(text)?.groups?.name : undefined;
  return name !== undefined && Buffer.byteLength(name) <= 64;
}

/**
 * The address with its domain as domain names are looked up (IDNA): mail to EXªMPLE.com arrives at example.com, so that they
 * must not be two accounts, nor two counts of mails. A domain in ASCII stays as it is, in either case of letters.
 */
export function withOneDomain(text: string): string {
  const at = text.lastIndexOf('@') + 1;
  const domain = text.slice(at);
  if (/^[\0-\x7f]*$/.test(domain) || !isEmailAddress(text)) return text;
  return text.slice(0, at) + domainToUnicode(domainToASCII(domain));
}
