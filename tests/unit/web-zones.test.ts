import { afterEach, describe, expect, test, vi } from 'vitest';
import { dayIn, longDay, timeIn } from '../../web/src/dates/days.ts';
import { dueDay, dueSortKey, dueText, dueTimeText, isOverdue } from '../../web/src/dates/due.ts';
import { deviceZone, isKnownZone, knownZones } from '../../web/src/dates/time-zones.ts';

const instant = new Date('2026-11-21T00:05:09Z');

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** An Intl that writes texts otherwise than today's browsers: only its parts can be relied on. */
function stubIntl(change: Partial<Record<'format' | 'resolvedOptions', () => unknown>>): void {
  const { DateTimeFormat } = Intl;
  function Stubbed(...args: ConstructorParameters<typeof DateTimeFormat>) {
    const real = new DateTimeFormat(...args);
    return { formatToParts: (date: Date) => real.formatToParts(date), ...change };
  }
  vi.stubGlobal('Intl', { DateTimeFormat: Stubbed });
}

describe.for(['Mars/Phobos', 'America/Coyhaique_2', '', 'Etc/Unknown?', 'UTC+99'])(
  'where the browser does not know the zone %j, days are counted in UTC',
  (zone) => {
    test('and nothing fails', () => {
      const due = { date: '2026-11-21', time: '09:30:00', timeZone: zone, at: '2026-11-21T09:30:00Z' };
      expect(isKnownZone(zone)).toBe(false);
      expect(dayIn(zone, instant)).toBe('2026-11-21');
      expect(timeIn(zone, instant)).toBe('00:05:09');
      expect(dueDay(due, zone)).toBe('2026-11-21');
      expect(dueSortKey(due, zone)).toBe('2026-11-21T09:30:00');
      expect(isOverdue({ ...due, at: null }, zone, instant)).toBe(false);
      expect(dueText(due, 'UTC', instant)).toContain('Today 09:30');
      expect(dueTimeText(due, zone)).toBe('09:30');
    });
  },
);

test('a zone that the browser takes and then cannot count in is not known, and its days are those of UTC', () => {
  const { formatToParts } = Intl.DateTimeFormat.prototype;
  vi.spyOn(Intl.DateTimeFormat.prototype, 'formatToParts').mockImplementation(function (
    this: Intl.DateTimeFormat,
    date,
  ) {
    if (this.resolvedOptions().timeZone === 'Asia/Tokyo') throw new RangeError('broken');
    return formatToParts.call(this, date);
  });
  expect(isKnownZone('Asia/Tokyo')).toBe(false);
  expect(isKnownZone('Europe/Paris')).toBe(true);
  expect(dayIn('Asia/Tokyo', new Date('2026-11-21T20:05:09Z'))).toBe('2026-11-21');
  expect(timeIn('Asia/Tokyo', instant)).toBe('00:05:09');
});

test.each(['UTC', 'Europe/Paris', 'Asia/Calcutta', 'America/Argentina/ComodRivadavia'])('%s is known', (zone) => {
  expect(isKnownZone(zone)).toBe(true);
});

test.each([
  ['America/St_Johns', '2026-11-20', '20:35:09'],
  ['Europe/Paris', '2026-11-21', '01:05:09'],
  ['UTC', '2026-11-21', '00:05:09'],
])('in %s the day is %s and the time %s, however Intl writes dates as text', (zone, day, time) => {
  stubIntl({ format: () => '11/21/2026' });
  expect(dayIn(zone, instant)).toBe(day);
  expect(timeIn(zone, instant)).toBe(time);
  expect(longDay('2026-11-21')).toBe('Saturday, 21 November');
});

test.each([[undefined], [''], ['Etc/Unknown']])('a device that reports its zone as %j has none', (timeZone) => {
  stubIntl({ resolvedOptions: () => ({ timeZone }) });
  expect(deviceZone()).toBeNull();
});

test('a device whose Intl fails has no zone, and one without a list of zones offers UTC', () => {
  stubIntl({
    resolvedOptions() {
      throw new RangeError('no zone');
    },
  });
  expect(deviceZone()).toBeNull();
  expect(knownZones()).toEqual(['UTC']);
});
