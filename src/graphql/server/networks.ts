import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The unit of rate limits: an IPv4 address, or the /64 of an IPv6 address, since one subscriber has all of it
 * (RFC 4291 2.5.4). IPv4-mapped IPv6 addresses count as IPv4 (2.5.5.2).
 */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const parsed = ipaddr.process(address);
  if (!('parts' in parsed)) return parsed.toString();
  const prefix = parsed.parts.slice(0, 4).map((group) => group.toString(16));
  return `${prefix.join(':')}::/64`;
}
