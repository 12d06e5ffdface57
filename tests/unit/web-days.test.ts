import { expect, test } from 'vitest';
import { addDays, dayIn, dayName, nextMonday } from '../../web/src/dates/days.ts';
import { type Due, dueDay, dueSortKey, dueText, dueTimeText, isOverdue } from '../../web/src/dates/due.ts';

const due = (
  date: string,
  time: string | null = null,
  timeZone: string | null = null,
  at: string | null = null,
): Due => ({
  date,
  time,
  timeZone,
  at,
});

test('a day begins in each zone at its own time', () => {
  const instant = new Date('2026-11-20T23:30:00Z');
  expect(dayIn('UTC', instant)).toBe('2026-11-20');
  expect(dayIn('Europe/Paris', instant)).toBe('2026-11-21');
  expect(dayIn('America/St_Johns', instant)).toBe('2026-11-20');
});

test('days are counted over the ends of months, years and summer time', () => {
  expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
  expect(addDays('2026-03-28', 2)).toBe('2026-03-30');
});

test.each([
  ['2026-11-21', '2026-11-23'],
  ['2026-11-22', '2026-11-23'],
  ['2026-11-23', '2026-11-30'],
])('the week after %s begins on %s', (day, monday) => {
  expect(nextMonday(day)).toBe(monday);
});

test.each([
  ['2026-11-21', 'Today'],
  ['2026-11-22', 'Tomorrow'],
  ['2026-11-20', 'Yesterday'],
  ['2026-11-27', 'Friday'],
  ['2026-11-28', '28 November'],
  ['2026-11-19', '19 November'],
  ['2027-01-05', '5 January 2027'],
])('on 21 November 2026, %s is %s', (day, name) => {
  expect(dayName(day, '2026-11-21')).toBe(name);
});

test('a call in Paris is on the evening before in Newfoundland, and says so', () => {
  const call = due('2026-11-22', '02:30:00', 'Europe/Paris', '2026-11-22T01:30:00.000Z');
  const now = new Date('2026-11-21T12:00:00Z');
  expect(dueDay(call, 'America/St_Johns')).toBe('2026-11-21');
  expect(dueText(call, 'America/St_Johns', now)).toBe('Today 22:00 (02:30 Paris)');
  expect(dueText(call, 'Europe/Paris', now)).toBe('Tomorrow 02:30');
  expect(dueTimeText(call, 'Europe/Paris')).toBe('02:30');
  expect(dueTimeText(due('2026-11-22'), 'Europe/Paris')).toBe('');
});

test('a day is overdue when it is over, a time when the clock has passed it', () => {
  const now = new Date('2026-11-21T09:00:00Z');
  expect(isOverdue(due('2026-11-21'), 'Europe/Paris', now)).toBe(false);
  expect(isOverdue(due('2026-11-20'), 'Europe/Paris', now)).toBe(true);
  expect(isOverdue(due('2026-11-20'), 'Pacific/Honolulu', now)).toBe(false);
  expect(isOverdue(due('2026-11-21', '09:59:00'), 'Europe/Paris', now)).toBe(true);
  expect(isOverdue(due('2026-11-21', '09:59:00'), 'UTC', now)).toBe(false);
  const call = due('2026-11-21', '10:30:00', 'Europe/Paris', '2026-11-21T09:30:00.000Z');
  expect(isOverdue(call, 'UTC', now)).toBe(false);
});

test('a day is sorted after all times of that day', () => {
  const ranks = [due('2026-11-22', '00:30:00'), due('2026-11-21'), due('2026-11-21', '23:59:00')].map((one) =>
    dueSortKey(one, 'UTC'),
  );
  expect(ranks.toSorted()).toEqual([ranks[2], ranks[1], ranks[0]]);
});
