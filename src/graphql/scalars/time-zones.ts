import { Temporal } from 'temporal-polyfill';

/** What the IANA database has is shorter; nothing longer is looked at. */
const longestName = 64;

/** The IANA database's name of a zone, an old one too; null where Node.js does not know it. PostgreSQL has other data. */
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

/** Milliseconds by which the clocks of a stored zone are ahead of UTC at an instant in milliseconds. */
export function offsetAt(zone: string, instant: number): number {
  return offsetOf(clockIn(zone), instant);
}

/** What the clocks of a stored zone show at instants in milliseconds, as PostgreSQL reads a timestamp. */
export function wallClocksAt(zone: string, instants: readonly number[]): string[] {
  const clock = clockIn(zone);
  return instants.map((instant) => new Date(instant + offsetOf(clock, instant)).toISOString().slice(0, -1));
}

// By the names of known zones, which bound it. Temporal would be quicker, and keep 400 kB a zone of what it has found.
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockIn(zone: string): Intl.DateTimeFormat {
  const timeZone = storedZone(zone);
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  clocks.set(timeZone, clock);
  return clock;
}

function offsetOf(clock: Intl.DateTimeFormat, instant: number): number {
  // Seconds are of the time before there were zones.
  const [, sign, hours = 0, minutes = 0, seconds = 0] =
    /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(clock.format(instant)) ?? [];
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 + Number(seconds) * 1_000;
  return sign === '-' ? -offset : offset;
}

/** When a day begins in a stored zone, or one some days later: milliseconds. */
export function startOfDay(zone: string, date: string, days: number): number {
  return Temporal.PlainDate.from(date).add({ days }).toZonedDateTime(storedZone(zone)).epochMilliseconds;
}
