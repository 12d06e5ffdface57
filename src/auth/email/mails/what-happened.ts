import type { Client } from '../../../graphql/server/context.ts';

const browsers: readonly (readonly [RegExp, string])[] = [
  [/Edg\//, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
];

const systems: readonly (readonly [RegExp, string])[] = [
  [/iPhone|iPad/, 'iOS'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
];

/** Only names from the lists: what a program calls itself could be a message to the reader, or a link. */
function deviceName(userAgent: string | null): string | null {
  const find = (names: typeof browsers) => names.find(([pattern]) => pattern.test(userAgent ?? ''))?.[1];
  const [browser, system] = [find(browsers), find(systems)];
  return browser && system ? `${browser} on ${system}` : (browser ?? system ?? null);
}

/** "28 November 2026 at 10:20 UTC, from Firefox on Linux (192.0.2.1)". @param at ISO 8601 */
export function whatHappened(at: string, { address, userAgent }: Client): string {
  const format = { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' } as const;
  const time = new Intl.DateTimeFormat('en-GB', format).format(new Date(at));
  const device = deviceName(userAgent);
  return `${time} UTC, from ${device === null ? `the address ${address}` : `${device} (${address})`}`;
}
