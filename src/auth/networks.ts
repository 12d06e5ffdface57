import { isIPv6 } from 'node:net';

/**
 * What of an address counts as one place: an IPv4 address, or the /64 of an IPv6 one, since whoever has one address of it
 * has them all (RFC 4291 2.5.4).
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [, mapped] = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address) ?? [];
  return mapped ?? `${groupsOf(address).slice(0, 4).join(':')}::/64`;
}

/** The eight groups, without leading zeros, of an address that is well-formed. */
function groupsOf(address: string): string[] {
  // The form of its own that WHATWG gives to a host; a zone such as %eth0 names a card, not a place.
  const host = new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1);
  const [head = '', tail] = host.split('::');
  const [left, right] = [head, tail ?? ''].map((part) => (part === '' ? [] : part.split(':')));
  const missing = 8 - (left?.length ?? 0) - (right?.length ?? 0);
  return [...(left ?? []), ...Array<string>(tail === undefined ? 0 : missing).fill('0'), ...(right ?? [])];
}
