import { type ChangeEvent, type FocusEvent, type KeyboardEvent, useId, useRef, useState } from 'react';
import { addDays, nextMonday } from '../../dates/days.ts';
import { TimeZoneOptions } from '../../dates/time-zone-options.tsx';
import { useDays } from '../../dates/viewer-days.tsx';
import { ChoiceSelect } from '../../forms/choice-select.tsx';
import { FieldProblem } from '../../forms/field-problem.tsx';
import { useDraft } from '../../forms/use-draft.ts';
import type { DueInput, TaskRowFragment } from '../../generated/graphql.ts';

interface DuePickerProps {
  due: TaskRowFragment['due'];
  onChange: (due: DueInput | null) => void;
  onDone: () => void;
}

/** Buttons for frequent days, and fields for any other day, time and time zone. */
export function DuePicker({ due, onChange, onDone }: DuePickerProps) {
  const { timeZone } = useDays();
  const saved = { date: due?.date ?? '', time: due?.time?.slice(0, 5) ?? '', zone: due?.timeZone ?? '' };
  // A partially typed or deleted field has an empty value, and must not count as cleared.
  const isHalf = useRef({ date: false, time: false });
  const draft = useDraft(saved, (next) => {
    if (isHalf.current.date || isHalf.current.time) return;
    if (next.date === '') onChange(null);
    else if (isWholeDate(next.date)) onChange(toInput(next));
  });
  const [problem, setProblem] = useState<string | null>(null);
  const [problemId, zoneId] = [useId(), useId()];
  const pick = (date: string | null) => {
    const time = isHalf.current.time ? saved.time : draft.value.time;
    draft.revert();
    onChange(date === null ? null : toInput({ ...draft.value, date, time }));
    onDone();
  };
  const field = (name: 'date' | 'time') => ({
    type: name,
    value: draft.value[name],
    onChange({ target }: ChangeEvent<HTMLInputElement>) {
      isHalf.current[name] = target.validity.badInput;
      draft.change({ ...draft.value, [name]: target.value });
    },
    onBlur(event: FocusEvent<HTMLInputElement>) {
      // A button there replaces the date that is being typed.
      if (event.relatedTarget?.closest('.due-shortcuts')) return;
      leave(name, event.currentTarget);
    },
    onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
      if (event.key === 'Enter') leave(name, event.currentTarget);
      if (event.key === 'Escape') draft.revert();
    },
    'aria-describedby': problem ? problemId : undefined,
  });
  const leave = (name: 'date' | 'time', { validity }: HTMLInputElement) => {
    isHalf.current[name] = validity.badInput;
    const found = problemOf(isHalf.current, draft.value.date);
    setProblem(found);
    if (found === null) draft.commit();
  };
  return (
    <div className="due-picker">
      <DueShortcuts date={draft.value.date} canClear={due !== null} onPick={pick} />
      <div className="due-exact">
        <label className="field">
          <span className="field-label">Day</span>
          <input max="9999-12-31" {...field('date')} />
        </label>
        <label className="field">
          <span className="field-label">Time</span>
          <input disabled={draft.value.date === ''} {...field('time')} />
        </label>
      </div>
      <FieldProblem id={problemId} problem={problem} />
      {draft.value.time !== '' && (
        <div className="field">
          <label className="field-label" htmlFor={zoneId}>
            Time zone
          </label>
          <ChoiceSelect
            id={zoneId}
            value={draft.value.zone}
            onChoose={(zone) => {
              draft.change({ ...draft.value, zone });
              draft.commit();
            }}
          >
            <option value="">Local time</option>
            <TimeZoneOptions first={timeZone} current={draft.value.zone} />
          </ChoiceSelect>
        </div>
      )}
    </div>
  );
}

/** A year is typed digit by digit, and 2, 20 and 202 are years as well. */
const isWholeDate = (date: string): boolean => date >= '1000';

function problemOf(isHalf: { date: boolean; time: boolean }, date: string): string | null {
  if (isHalf.date) return 'Enter the day, the month and the year.';
  if (date !== '' && !isWholeDate(date)) return 'Enter all four digits of the year.';
  return isHalf.time ? 'Enter hours and minutes.' : null;
}

interface DueShortcutsProps {
  date: string;
  canClear: boolean;
  onPick: (date: string | null) => void;
}

function DueShortcuts({ date, canClear, onPick }: DueShortcutsProps) {
  const { today } = useDays();
  const days = [
    { label: 'Today', day: today },
    { label: 'Tomorrow', day: addDays(today, 1) },
    { label: 'Next week', day: nextMonday(today) },
  ];
  return (
    <div className="due-shortcuts">
      {days.map(({ label, day }) => (
        <button key={label} type="button" className="button" aria-pressed={date === day} onClick={() => onPick(day)}>
          {label}
        </button>
      ))}
      {canClear && (
        <button type="button" className="button" onClick={() => onPick(null)}>
          No date
        </button>
      )}
    </div>
  );
}

function toInput({ date, time, zone }: { date: string; time: string; zone: string }): DueInput {
  if (time === '') return { date };
  return zone === '' ? { date, time } : { date, time, timeZone: zone };
}
