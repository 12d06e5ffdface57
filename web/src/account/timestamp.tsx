import { dayIn, dayName, timeIn } from '../dates/days.ts';
import { useDays } from '../dates/viewer-days.tsx';

/** "Today, 09:30", in the viewer's time zone. */
export function Timestamp({ at }: { at: string }) {
  const { timeZone, today } = useDays();
  const instant = new Date(at);
  return (
    <time dateTime={at}>
      {dayName(dayIn(timeZone, instant), today)}, {timeIn(timeZone, instant).slice(0, 5)}
    </time>
  );
}
