import 'reflect-metadata';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LocalDate, LocalTime } from '../../src/graphql/scalars/time-scalars.ts';
import { storedDue } from '../../src/tasks/due/due.ts';

const zones = Intl.supportedValuesOf('timeZone');
const [hour, day] = [3_600_000, 86_400_000];

// ── The rules, worked out from what a clock shows ──

const clocks = new Map<string, Intl.DateTimeFormat>();

/** What the clocks of a zone show at an instant, as the milliseconds of the same day and time in UTC. */
function shownAt(zone: string, instant: number): number {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' } as const;
  const clock =
    clocks.get(zone) ??
    new Intl.DateTimeFormat('en-US', {
      ...options,
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
      timeZone: zone,
    });
  clocks.set(zone, clock);
  const [, month, date, year, hours, minutes, seconds] =
    /^(\d\d)\/(\d\d)\/(\d+), (\d\d):(\d\d):(\d\d)$/.exec(clock.format(instant)) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(date), Number(hours), Number(minutes), Number(seconds));
}

const offsetAt = (zone: string, instant: number) => shownAt(zone, instant) - instant;

/** The first instant at which the clocks show it; where they never do, as much later as they skip. */
function instantShowing(zone: string, shown: number): number {
  const offsets = [offsetAt(zone, shown - day), offsetAt(zone, shown + day)] as const;
  const showing = offsets.map((offset) => shown - offset).filter((instant) => shownAt(zone, instant) === shown);
  return showing.length > 0 ? Math.min(...showing) : shown - offsets[0];
}

/** The seconds at which a zone's clocks change, and by how much. */
function changesOf(zone: string, from: number, to: number): { zone: string; at: number; by: number }[] {
  const changes = [];
  // Two changes are never less than four weeks apart: Ramadan in Morocco.
  for (let start = from, before = offsetAt(zone, from); start < to; start += 14 * day) {
    const after = offsetAt(zone, start + 14 * day);
    if (after !== before) {
      let [low, high] = [start, start + 14 * day];
      while (high - low > 1_000) {
        const middle = low + Math.floor((high - low) / 2_000) * 1_000;
        if (offsetAt(zone, middle) === before) low = middle;
        else high = middle;
      }
      changes.push({ zone, at: high, by: after - before });
    }
    before = after;
  }
  return changes;
}

/** `dueAt` of the day and time that clocks show. */
function storedAt(zone: string, shown: number): number | undefined {
  const [date, time] = new Date(shown).toISOString().slice(0, 19).split('T') as [string, string];
  return storedDue({ date, time, timeZone: zone }, []).dueAt?.getTime();
}

describe('the instant of a time in a zone', () => {
  test.each([
    ['2026-03-29', '02:30', 'Europe/Paris', '2026-03-29T01:30:00.000Z', 'skipped in spring: an hour later'],
    ['2026-10-25', '02:30', 'Europe/Paris', '2026-10-25T00:30:00.000Z', 'twice in autumn: the first'],
    ['2026-10-25', '03:00', 'Europe/Paris', '2026-10-25T02:00:00.000Z', 'right after the autumn hour'],
    ['2026-04-05', '01:45', 'Australia/Lord_Howe', '2026-04-04T14:45:00.000Z', 'half an hour twice: the first'],
    ['2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:45:00.000Z', 'half an hour skipped'],
    ['2026-07-01', '12:00', 'Asia/Kathmandu', '2026-07-01T06:15:00.000Z', 'an offset of quarters'],
    ['2026-09-06', '00:00', 'America/Santiago', '2026-09-06T04:00:00.000Z', 'midnight skipped'],
    ['2011-12-30', '12:00', 'Pacific/Apia', '2011-12-30T22:00:00.000Z', 'a day skipped'],
  ])('%s %s in %s is %s: %s', (date, time, timeZone, expected) => {
    expect(storedDue({ date, time, timeZone }, []).dueAt?.toISOString()).toBe(expected);
  });

  test('is right around every change of every zone from 2024 to 2030', () => {
    const changes = zones.flatMap((zone) => changesOf(zone, Date.UTC(2024), Date.UTC(2031)));
    const wrong = changes.flatMap(({ zone, at }) => {
      const [low, high] = [at + offsetAt(zone, at - 1_000), at + offsetAt(zone, at)].sort((a, b) => a - b) as [
        number,
        number,
      ];
      const around = [low - 1_000, low, (low + high) / 2, high - 1_000, high];
      const unlike = around.filter((shown) => storedAt(zone, shown) !== instantShowing(zone, shown));
      return unlike.map((shown) => `${zone} ${new Date(shown).toISOString()}`);
    });
    expect(wrong).toEqual([]);
    // Some 140 zones have summer time: both kinds were met in each of seven years.
    const skipping = changes.filter(({ by }) => by > 0).length;
    expect(Math.min(skipping, changes.length - skipping)).toBeGreaterThan(700);
  });

  test('is what the clocks of any zone show at any time', () => {
    const anyZone = fc.constantFrom(...zones);
    // Since 1972 offsets have no seconds; until 2100 the rules of today go on.
    const shown = fc.integer({ min: Date.UTC(1972, 6) / 1_000, max: Date.UTC(2100) / 1_000 });
    fc.assert(
      fc.property(anyZone, shown, (zone, seconds) => {
        expect(storedAt(zone, seconds * 1_000)).toBe(instantShowing(zone, seconds * 1_000));
      }),
      { numRuns: 3_000 },
    );
  });
});

describe('what is stored of a due', () => {
  test('is nothing where there is none, and has an instant only with a time and a zone', () => {
    const none = { dueDate: null, dueTime: null, dueTimeZone: null, dueAt: null };
    expect([storedDue(null, []), storedDue(undefined, [])]).toEqual([none, none]);
    expect(storedDue({ date: '2026-01-01' }, [])).toEqual({ ...none, dueDate: '2026-01-01' });
    const floating = { date: '2026-01-01', time: '09:30:00', timeZone: null };
    expect(storedDue(floating, [])).toEqual({ ...none, dueDate: '2026-01-01', dueTime: '09:30:00' });
  });

  test.each([
    [{ date: '2026-01-01', timeZone: 'UTC' }, ['input.due.timeZone NEEDS_TIME']],
    [{ date: '0001-01-02' }, ['input.due.date OUT_OF_RANGE']],
    [{ date: '9999-12-30' }, ['input.due.date OUT_OF_RANGE']],
    [{ date: '9999-12-31', time: '23:59:59', timeZone: 'Etc/GMT+12' }, ['input.due.date OUT_OF_RANGE']],
  ])('is refused for %j', (due, expected) => {
    expect(problemsOf(() => storedDue(due, ['input', 'due']))).toEqual(expected);
  });
});

function problemsOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    const { fields } = (error as { details: { fields?: { path: string[]; code: string }[] } }).details;
    return fields?.map(({ path, code }) => `${path.join('.')} ${code}`) ?? error;
  }
}

function isInCalendar(text: string): boolean {
  const [year, month, date] = text.split('-').map(Number) as [number, number, number];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return date >= 1 && date <= ([0, 31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month] ?? 0);
}

describe('a scalar', () => {
  const read = (scalar: typeof LocalDate, value: unknown) => {
    try {
      return scalar.parseValue(value);
    } catch {
      return 'refused';
    }
  };

  test('LocalDate takes every day of the calendar and no other', () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, number) => String(number).padStart(2, '0'));
    const texts = ['0001', '0099', '1900', '2000', '2024', '2026', '9999'].flatMap((year) =>
      numbers(14).flatMap((month) => numbers(33).map((date) => `${year}-${month}-${date}`)),
    );
    const taken = texts.filter((text) => read(LocalDate, text) === text);
    expect(taken).toEqual(texts.filter(isInCalendar));
    expect(taken).toHaveLength(7 * 365 + 2);
    for (const text of ['0000-01-01', '2026-1-1', '26-01-01', '2026-01-01 ', '2026-01-01T00:00:00Z', '+02026-01-01']) {
      expect(read(LocalDate, text), text).toBe('refused');
    }
    for (const value of [20260101, null, ['2026-01-01'], new Date()]) expect(read(LocalDate, value)).toBe('refused');
  });

  test('LocalTime takes hours and minutes, with or without seconds', () => {
    expect([read(LocalTime, '00:00'), read(LocalTime, '23:59:59')]).toEqual(['00:00:00', '23:59:59']);
    for (const text of ['24:00', '23:60', '9:30', '09:30:60', '09:30:00.5', '09:30Z', '09:30+01:00', '', '0930']) {
      expect(read(LocalTime, text), text).toBe('refused');
    }
  });
});

test('every zone that the API takes can be worked with', () => {
  for (const zone of [
    'GMT',
    'EST5EDT',
    'PST8PDT',
    'Etc/GMT+5',
    'US/Pacific',
    'Asia/Calcutta',
    'europe/paris',
    ...zones,
  ]) {
    expect(storedAt(zone, Date.UTC(2026, 0, 1, 12))).toBeTypeOf('number');
  }
  expect(storedAt('Asia/Kolkata', 13 * hour)).toBe(7.5 * hour);
});
