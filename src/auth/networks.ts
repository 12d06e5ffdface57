import { isIPv6 } from 'node:net';

/**
 * What of an address counts as one place: an IPv4 address, or the /64 of an IPv6 one, since whoever has one address of it
 * has them all (RFC 4291 2.5.4).
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  return groups.slice(0, 6).join(':') === mappedPrefix ? unmapped(groups) : `${groups.slice(0, 4).join(':')}::/64`;
}

/** RFC 4291 2.5.5.2: what stands before an IPv4 address that is written as an IPv6 one. */
const mappedPrefix = '0:0:0:0:0:ffff';

function unmapped(groups: readonly string[]): string {
  const bytes = groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return bytes.join('.');
}

/** The eight groups, without leading zeros, of an address that is well-formed. */
function groupsOf(address: string): string[] {
  // The one form that WHATWG gives to a host, however it was written.
  const host = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = host.split('::');
  const [left, right] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const missing = 8 - (left?.length ?? 0) - (right?.length ?? 0);
  return [...(left ?? []), ...Array<string>(tail === undefined ? 0 : missing).fill('0'), ...(right ?? [])];
}
