import { useMemo } from 'react';
import { knownZones } from './time-zones.ts';

/** The time zones that the browser knows, with the suggested one first. */
export function TimeZoneOptions({ first, current }: { first: string | null; current: string }) {
  const zones = useMemo(() => {
    const all = new Set(knownZones());
    // The browser may know the current one by another name, or not at all.
    if (current !== '') all.add(current);
    if (first !== null) all.delete(first);
    return [...(first === null ? [] : [first]), ...[...all].sort()];
  }, [first, current]);
  return zones.map((zone) => (
    <option key={zone} value={zone}>
      {readable(zone)}
    </option>
  ));
}

const readable = (zone: string): string => zone.replaceAll('_', ' ').replaceAll('/', ' / ');
