/** A date in the format of the API: 2026-11-21. Dates compare as text. */
export type Day = string;

/** The date in a time zone, now or at another instant; in UTC if the browser does not know the zone. */
export function dayIn(timeZone: string, instant: Date): Day {
  return readClock(timeZone, instant).slice(0, 10);
}

/** The time of day in a time zone: 09:30:00. */
export function timeIn(timeZone: string, instant: Date): string {
  return readClock(timeZone, instant).slice(11);
}

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** "2026-11-21T09:30:00", built from parts, because browsers format the dates of a locale differently. */
function readClock(timeZone: string, instant: Date): string {
  try {
    const format = new Intl.DateTimeFormat('en', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    const parts = format.formatToParts(instant);
    const part = (wanted: Part) => parts.find(({ type }) => type === wanted)?.value.padStart(2, '0') ?? '';
    // Some browsers write midnight as 24.
    const hour = part('hour').replace('24', '00');
    return `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}T${hour}:${part('minute')}:${part('second')}`;
  } catch {
    return instant.toISOString().slice(0, 19);
  }
}

export function addDays(day: Day, count: number): Day {
  const date = new Date(`${day}T00:00:00Z`);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

/** The Monday after this day. */
export function nextMonday(day: Day): Day {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, (8 - weekday) % 7 || 7);
}

/** "Today", "Tomorrow", "Monday", "3 December", with the year if it is not the current one. */
export function dayName(day: Day, today: Day): string {
  const distance = daysBetween(today, day);
  if (distance === 0) return 'Today';
  if (distance === 1) return 'Tomorrow';
  if (distance === -1) return 'Yesterday';
  if (distance > 1 && distance < 7) return partsOfDay(day).weekday;
  const { dayAndMonth, year } = partsOfDay(day);
  return day.slice(0, 4) === today.slice(0, 4) ? dayAndMonth : `${dayAndMonth} ${year}`;
}

/** "Saturday, 21 November" */
export function longDay(day: Day): string {
  const { weekday, dayAndMonth } = partsOfDay(day);
  return `${weekday}, ${dayAndMonth}`;
}

function partsOfDay(day: Day) {
  const options = { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const;
  const parts = new Intl.DateTimeFormat('en-GB', options).formatToParts(new Date(`${day}T00:00:00Z`));
  const part = (wanted: string) => parts.find(({ type }) => type === wanted)?.value ?? '';
  return { weekday: part('weekday'), dayAndMonth: `${part('day')} ${part('month')}`, year: part('year') };
}
