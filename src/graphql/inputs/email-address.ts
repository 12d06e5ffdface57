// What the HTML Living Standard takes for a valid e-mail address, in any script (RFC 6531), with RFC 5892's contextual
// characters. Up to U+FF00: the full-width forms that follow are slips of an input method.
const letter = /[[\p{L}\p{M}\p{N}\xb7\u0375\u05f3\u05f4\u200c\u200d\u30fb]&&[\0-\uff00]]/v.source;
const atom = `(?:${letter}|${/[!#$%\&'*+\/=?^_`\{\|\}~\-]/v.source})+`;
const label = `(?!-)(?:${letter}|-){1,63}(?<!-)`;
const topLevel = `(?=${/(?:[\p{L}\p{M}]{2,}|xn[a-z\d\-]{2,})$/v.source})${label}`;
const address = new RegExp(`^(?<name>${atom}(?:\\.${atom})*)@(?:${label}\\.)+${topLevel}$`, 'iv');

/**
 * An address that mail can be sent to: with a domain that has a dot and is no IP address, and without quotes, which RFC 5321
 * advises against. At most 254 bytes, 64 of them before the @ (4.5.3.1).
 */
export function isEmailAddress(text: string): boolean {
  const name = Buffer.byteLength(text) <= 254 ? address.exec(text)?.groups?.name : undefined;
  return name !== undefined && Buffer.byteLength(name) <= 64;
}
