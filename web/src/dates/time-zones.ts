/** Whether this browser knows a time zone: the server may know newer ones. */
export function isKnownZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone }).formatToParts(0);
    return true;
  } catch {
    return false;
  }
}

/** The time zone of this device; null if the browser does not reveal it. */
export function deviceZone(): string | null {
  try {
    const { timeZone } = new Intl.DateTimeFormat().resolvedOptions() as { timeZone?: string }; // not on every device
    return !timeZone || timeZone === 'Etc/Unknown' ? null : timeZone;
  } catch {
    return null;
  }
}

/** The names of all time zones that the browser knows. */
export function knownZones(): readonly string[] {
  try {
    return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
  } catch {
    return ['UTC'];
  }
}
