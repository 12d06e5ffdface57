import { Temporal } from 'temporal-polyfill';

/** Longer than every name in the IANA database. */
const longestName = 64;

/**
 * The name of a time zone in the IANA database's spelling, aliases included; null if Node.js does not know it. PostgreSQL is
 * not asked: its copy of the database may be of another version.
 */
export function normalizeTimeZone(text: string): string | null {
  // No offsets such as +01:00: they have no daylight saving time.
  if (text.length > longestName || !/^[A-Za-z][\w+-]*(\/[\w+-]+)*$/.test(text)) return null;
  try {
    // Dues are computed with Temporal. Intl accepts more names, such as the ambiguous IST.
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(text).timeZoneId;
  } catch {
    return null;
  }
}

/** A stored zone may come from another program or another version of the database; an unknown one counts as UTC. */
function storedZone(text: string): string {
  return normalizeTimeZone(text) ?? 'UTC';
}

/** The UTC offset of a stored zone, in milliseconds, at an instant in milliseconds. */
export function offsetAt(zone: string, instant: number): number {
  return offsetOf(clockIn(zone), instant);
}

/** The local times in a stored zone at instants in milliseconds, as text for a PostgreSQL timestamp. */
export function wallClocksAt(zone: string, instants: readonly number[]): string[] {
  const clock = clockIn(zone);
  return instants.map((instant) => new Date(instant + offsetOf(clock, instant)).toISOString().slice(0, -1));
}

// Bounded, because its keys are known zones. Temporal would be faster, but caches 400 kB for each zone.
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(zone: string): Intl.DateTimeFormat {
  const timeZone = storedZone(zone);
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  clocks.set(timeZone, clock);
  return clock;
}

function offsetOf(clock: Intl.DateTimeFormat, instant: number): number {
  // Offsets with seconds date from before standard time.
  const [, sign, hours = 0, minutes = 0, seconds = 0] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(clock.format(instant)) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1_000;
  return sign === '-' ? -offset : offset;
}

/** The start of the day that is `days` after `date` in a stored zone, in milliseconds. */
export function startOfDay(zone: string, date: string, days: number): number {
  return Temporal.PlainDate.from(date).add({ days }).toZonedDateTime(storedZone(zone)).epochMilliseconds;
}
