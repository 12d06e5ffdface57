import { useState } from 'react';
import { addDays, nextMonday } from '../days/days.ts';
import { dueWording, isOverdue } from '../days/due.ts';
import { TimeZoneOptions } from '../days/time-zone-options.tsx';
import { useDays } from '../days/viewer-days.tsx';
import { UpcomingIcon } from '../design/icons.tsx';
import type { DueInput, TaskRowFragment } from '../generated/graphql.ts';
import { Property } from './property.tsx';
import { useTaskActions } from './use-task-actions.ts';

type Due = TaskRowFragment['due'];

/** The day, and if wanted the time and the zone of the time. */
export function DueField({ task }: { task: TaskRowFragment }) {
  const { choose } = useTaskActions();
  const { timeZone, now } = useDays();
  const { due } = task;
  const setDue = (input: DueInput | null) => void choose(task, { due: input }, { due: optimisticDue(input) });
  return (
    <Property
      icon={<UpcomingIcon />}
      label="Due"
      isReadOnly={task.deletedAt !== null}
      value={
        due ? (
          <span data-overdue={(!task.completed && isOverdue(due, timeZone, now)) || undefined}>
            {dueWording(due, timeZone, now)}
          </span>
        ) : (
          <span className="quiet">No date</span>
        )
      }
    >
      {(close) => <DueEditor due={due} onChange={setDue} onDone={close} />}
    </Property>
  );
}

interface DueEditorProps {
  due: Due;
  onChange: (due: DueInput | null) => void;
  onDone: () => void;
}

function DueEditor({ due, onChange, onDone }: DueEditorProps) {
  const { today, timeZone: own } = useDays();
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
  const pick = (date: string) => {
    onChange(toInput({ ...draft, date }));
    onDone();
  };
  const shortcuts = [
    { label: 'Today', date: today },
    { label: 'Tomorrow', date: addDays(today, 1) },
    { label: 'Next week', date: nextMonday(today) },
  ];
  return (
    <div className="due-editor">
      <div className="due-shortcuts">
        {shortcuts.map(({ label, date }) => (
          <button
            key={label}
            type="button"
            className="button"
            aria-pressed={draft.date === date}
            onClick={() => pick(date)}
          >
            {label}
          </button>
        ))}
        {due && (
          <button
            type="button"
            className="button"
            onClick={() => {
              onChange(null);
              onDone();
            }}
          >
            No date
          </button>
        )}
      </div>
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
            <TimeZoneOptions first={own} current={draft.zone} />
          </select>
        </label>
      )}
    </div>
  );
}

function toInput({ date, time, zone }: { date: string; time: string; zone: string }): DueInput {
  if (time === '') return { date };
  return zone === '' ? { date, time } : { date, time, timeZone: zone };
}

/** As it is shown until the server answers, which alone knows the instant of a time in a zone. */
function optimisticDue(input: DueInput | null): Due {
  if (!input) return null;
  const time = input.time ? `${input.time}:00` : null;
  return { __typename: 'Due', date: input.date, time, timeZone: input.timeZone ?? null, at: null };
}
