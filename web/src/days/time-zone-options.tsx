import { useMemo } from 'react';

/** The zones that the browser knows, one's own first. */
export function TimeZoneOptions({ first, current }: { first: string; current: string }) {
  const zones = useMemo(() => {
    const all = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);
    // What is set may have another name here, or none.
    if (current !== '') all.add(current);
    all.delete(first);
    return [...all].sort();
  }, [first, current]);
  return (
    <>
      <option value={first}>{readable(first)}</option>
      {zones.map((zone) => (
        <option key={zone} value={zone}>
          {readable(zone)}
        </option>
      ))}
    </>
  );
}

const readable = (zone: string): string => zone.replaceAll('_', ' ').replaceAll('/', ' / ');
