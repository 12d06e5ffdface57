import { useState } from 'react';
import { addDays, nextMonday } from '../days/days.ts';
import { TimeZoneOptions } from '../days/time-zone-options.tsx';
import { useDays } from '../days/viewer-days.tsx';
import type { DueInput, TaskRowFragment } from '../generated/graphql.ts';

interface DueEditorProps {
  due: TaskRowFragment['due'];
  onChange: (due: DueInput | null) => void;
  onDone: () => void;
}

/** Days that are often meant, each one press away, and any other day, time and zone. */
export function DueEditor({ due, onChange, onDone }: DueEditorProps) {
  const { timeZone } = useDays();
  const [draft, setDraft] = useState({
    date: due?.date ?? '',
    time: due?.time?.slice(0, 5) ?? '',
    zone: due?.timeZone ?? '',
  });
  const change = (part: Partial<typeof draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    // Browsers report half a date as none.
    if (next.date !== '') onChange(toInput(next));
  };
  const pick = (date: string | null) => {
    onChange(date === null ? null : toInput({ ...draft, date }));
    onDone();
  };
  return (
    <div className="due-editor">
      <DueShortcuts date={draft.date} canClear={due !== null} onPick={pick} />
      <div className="due-exact">
        <label className="field">
          <span className="field-label">Day</span>
          <input type="date" value={draft.date} onChange={(event) => change({ date: event.target.value })} />
        </label>
        <label className="field">
          <span className="field-label">Time</span>
          <input
            type="time"
            value={draft.time}
            disabled={draft.date === ''}
            onChange={(event) => change({ time: event.target.value })}
          />
        </label>
      </div>
      {draft.time !== '' && (
        <label className="field">
          <span className="field-label">In which zone</span>
          <select value={draft.zone} onChange={(event) => change({ zone: event.target.value })}>
            <option value="">Wherever I am</option>
            <TimeZoneOptions first={timeZone} current={draft.zone} />
          </select>
        </label>
      )}
    </div>
  );
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
