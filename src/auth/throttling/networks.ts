import { isIPv6 } from 'node:net';

/**
 * What of an address is limited together: an IPv4 address, or the /64 of an IPv6 one, since whoever has one address of it
 * has them all (RFC 4291 2.5.4). An IPv4 address may be written as an IPv6 one (2.5.5.2).
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return `${groups.slice(0, 4).join(':')}::/64`;
  const words = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return words.flatMap((word) => [word >> 8, word & 255]).join('.');
}

/** The eight groups, without leading zeros, of an address that is well-formed. */
function groupsOf(address: string): string[] {
  // The one form that WHATWG gives to a host, however it was written.
  const host = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = [], right = []] = host.split('::').map((part) => part.split(':').filter(Boolean));
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}
