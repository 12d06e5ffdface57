import { isIPv6 } from 'node:net';

/**
 * The unit of rate limits: an IPv4 address, or the /64 of an IPv6 address, since one subscriber has all of it
 * (RFC 4291 2.5.4). IPv4-mapped IPv6 addresses count as IPv4 (2.5.5.2).
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const groups = groupsOf(address);
  if (groups.slice(0, 6).join(':') !== '0:0:0:0:0:ffff') return `${groups.slice(0, 4).join(':')}::/64`;
  const words = groups.slice(6).map((group) => Number.parseInt(group, 16));
  return words.flatMap((word) => [word >> 8, word & 255]).join('.');
}

/** The eight groups of a well-formed address, without leading zeros. */
function groupsOf(address: string): string[] {
  // The URL parser normalizes the address.
  const host = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [left = [], right = []] = host.split('::').map((part) => part.split(':').filter(Boolean));
  return [...left, ...Array<string>(8 - left.length - right.length).fill('0'), ...right];
}
