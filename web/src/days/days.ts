/** A calendar date as the API writes it: 2026-11-21. They compare as text. */
export type Day = string;

/** The day that it is now, or at another instant, in a zone. In UTC where the browser does not know the zone. */
export function dayIn(timeZone: string, instant: Date): Day {
  const { year, month, day } = partsIn(timeZone, instant);
  return `${year.padStart(4, '0')}-${month}-${day}`;
}

/** The time of day in a zone, as 09:30:00. */
export function timeIn(timeZone: string, instant: Date): string {
  const { hour, minute, second } = partsIn(timeZone, instant);
  return `${hour}:${minute}:${second}`;
}

type Part = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** Figure by figure: how a locale writes dates as text is not the same in all browsers. */
function partsIn(timeZone: string, instant: Date): Record<Part, string> {
  const format = formatFor(timeZone, {
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
  return {
    year: part('year'),
    month: part('month'),
    day: part('day'),
    // Some browsers write midnight as 24.
    hour: part('hour').replace('24', '00'),
    minute: part('minute'),
    second: part('second'),
  };
}

function formatFor(timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en', { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en', { ...options, timeZone: 'UTC' });
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

/** "Today", "Tomorrow", "Monday", "3 December", with the year where it is another one. */
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
