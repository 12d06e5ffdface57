import { createContext, type ReactNode, use, useEffect, useMemo, useState } from 'react';
import { serverClock } from '../graphql/server-clock.ts';
import { type Day, dayIn } from './days.ts';

/** The viewer's time zone, and the current time there. */
export interface ViewerDays {
  readonly timeZone: string;
  readonly now: Date;
  readonly today: Day;
}

/** By the server's clock, because the device's may be days off. */
const serverDate = (): Date => new Date(serverClock.now());

const ViewerDaysContext = createContext<ViewerDays | null>(null);

/** Milliseconds between updates of what is overdue. */
const oneMinute = 60_000;

export function ViewerDaysProvider({ timeZone, children }: { timeZone: string; children: ReactNode }) {
  const [now, setNow] = useState(serverDate);
  useEffect(() => {
    const timer = setInterval(() => setNow(serverDate()), oneMinute);
    return () => clearInterval(timer);
  }, []);
  const days = useMemo(() => ({ timeZone, now, today: dayIn(timeZone, now) }), [timeZone, now]);
  return <ViewerDaysContext value={days}>{children}</ViewerDaysContext>;
}

export function useDays(): ViewerDays {
  const days = use(ViewerDaysContext);
  if (!days) throw new Error('useDays needs a ViewerDaysProvider around it.');
  return days;
}
