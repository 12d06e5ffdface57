import { useMemo } from 'react';
import { knownZones } from './time-zones.ts';

/** The zones that the browser knows, one's own first where there is one. */
export function TimeZoneOptions({ first, current }: { first: string | null; current: string }) {
  const zones = useMemo(() => {
    const all = new Set(knownZones());
    // What is set may have another name here, or none.
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
