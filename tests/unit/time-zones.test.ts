import { describe, expect, test } from 'vitest';
import { normalizeTimeZone, offsetAt, wallClocksAt } from '../../src/graphql/scalars/time-zones.ts';

const zones = Intl.supportedValuesOf('timeZone');

describe('a zone', () => {
  test('is known by its name in the IANA database, and neither offsets nor made-up ones are', () => {
    for (const zone of [...zones, 'UTC']) expect(normalizeTimeZone(zone)).toBe(zone);
    for (const zone of [...zones, 'US/Pacific', 'EST5EDT', 'CET', 'Etc/GMT+5', 'GMT', 'Asia/Kolkata']) {
      expect([normalizeTimeZone(zone.toLowerCase()), normalizeTimeZone(zone.toUpperCase())], zone).toEqual([
        zone,
        zone,
      ]);
    }
    for (const text of ['+01:00', '-05', '+0100', 'UTC+1', 'Mars/Phobos', 'Europe/', '', ' UTC', 'Z', 'local', 'IST']) {
      expect(normalizeTimeZone(text), text).toBeNull();
    }
  });

  test('shows what its clocks show, and one that is unknown what those of UTC show', () => {
    const instants = [
      '0001-01-03T00:00:00Z',
      '1883-11-18T12:00:00Z',
      '2026-07-01T12:00:00.123Z',
      '9999-12-29T23:59:59Z',
    ];
    const dates = instants.map((instant) => Date.parse(instant));
    expect(wallClocksAt('America/New_York', dates)).toEqual([
      '0001-01-02T19:03:58.000',
      '1883-11-18T07:03:58.000',
      '2026-07-01T08:00:00.123',
      '9999-12-29T18:59:59.000',
    ]);
    for (const unknown of ['', 'Mars/Phobos', 'Etc/Unknown', '+05:30']) {
      expect(wallClocksAt(unknown, dates)).toEqual(dates.map((date) => new Date(date).toISOString().slice(0, -1)));
      expect(offsetAt(unknown, 0)).toBe(0);
    }
  });
});
