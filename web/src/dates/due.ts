import { addDays, type Day, dayIn, dayName, timeIn } from './days.ts';

/** When a task is due, as the API returns it. */
export interface Due {
  readonly date: Day;
  readonly time: string | null;
  readonly timeZone: string | null;
  /** The instant, if there are a time and a zone. */
  readonly at: string | null;
}

/** The day on which something is due for a viewer in this time zone. */
export function dueDay(due: Due, viewerZone: string): Day {
  return due.at === null ? due.date : dayIn(viewerZone, new Date(due.at));
}

/** Whether something is overdue for a viewer in this time zone: a day after it has ended, a time after it has passed. */
export function isOverdue(due: Due, viewerZone: string, now: Date): boolean {
  if (due.at !== null) return Date.parse(due.at) < now.getTime();
  const today = dayIn(viewerZone, now);
  if (due.time === null) return due.date < today;
  return `${due.date}T${due.time}` < `${today}T${timeIn(viewerZone, now)}`;
}

/** A sort key: a day counts as its end, as in the order DUE of the API. */
export function dueSortKey(due: Due, viewerZone: string): string {
  if (due.at !== null) {
    const instant = new Date(due.at);
    return `${dayIn(viewerZone, instant)}T${timeIn(viewerZone, instant)}`;
  }
  return due.time === null ? addDays(due.date, 1) : `${due.date}T${due.time}`;
}

/** "Today", "Tomorrow 09:30", "3 December 09:30 (10:30 Helsinki)": in the viewer's time zone, and in the task's own. */
export function dueText(due: Due, viewerZone: string, now: Date): string {
  const day = dayName(dueDay(due, viewerZone), dayIn(viewerZone, now));
  return [day, dueTimeText(due, viewerZone)].filter(Boolean).join(' ');
}

/** The part without the day: "09:30 (10:30 Helsinki)", or nothing. */
export function dueTimeText({ time, at, timeZone }: Due, viewerZone: string): string {
  if (time === null) return '';
  if (at === null || timeZone === null || timeZone === viewerZone) return time.slice(0, 5);
  return `${timeIn(viewerZone, new Date(at)).slice(0, 5)} (${time.slice(0, 5)} ${city(timeZone)})`;
}

const city = (timeZone: string): string => timeZone.split('/').at(-1)?.replaceAll('_', ' ') ?? timeZone;
