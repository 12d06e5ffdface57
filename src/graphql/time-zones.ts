import { Temporal } from 'temporal-polyfill';

/** What the IANA database has is shorter; nothing longer is looked at. */
const longestName = 64;

/**
 * The name of a zone as the IANA database writes it, an old one such as Asia/Calcutta too; null where Node.js does not know
 * it. Its data alone count: PostgreSQL has others, and lacks some names that browsers report.
 */
export function zoneNamed(text: string): string | null {
  // Offsets such as +01:00 are no names: they know no summer.
  if (text.length > longestName || !/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(text)) return null;
  try {
    // What dues are computed with: Intl alone knows more, such as IST, which is three zones.
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
  } catch {
    return null;
  }
}

/** A zone that was stored, perhaps by another program or with other data: its days are those of UTC where it is unknown. */
function storedZone(text: string): string {
  return zoneNamed(text) ?? 'UTC';
}

/** Seconds by which the clocks of a stored zone are ahead of UTC at an instant in milliseconds. */
export function offsetAt(zone: string, instant: number): number {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(storedZone(zone)).offsetNanoseconds / 1e9;
}

/** What the clocks of a stored zone show at instants in milliseconds, as PostgreSQL reads a timestamp. */
export function wallClocksAt(zone: string, instants: readonly number[]): string[] {
  const known = storedZone(zone);
  return instants.map((instant) => {
    const { offsetNanoseconds } = Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(known);
    return new Date(instant + offsetNanoseconds / 1e6).toISOString().slice(0, -1);
  });
}

/** When a day begins in a stored zone, or one some days later: milliseconds. */
export function startOfDay(zone: string, date: string, days: number): number {
  return Temporal.PlainDate.from(date).add({ days }).toZonedDateTime(storedZone(zone)).epochMilliseconds;
}
