import { useApolloClient } from '@apollo/client/react';
import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import { PlusIcon } from '../../design/icons.tsx';
import { FieldProblem, problemAttributes } from '../../forms/field-problem.tsx';
import { lengthProblem, limits } from '../../forms/text-limits.ts';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { describeProblem } from '../../graphql/problem.ts';
import { serverClock } from '../../graphql/server-clock.ts';
import { createLabel } from '../../labels/label-actions.ts';
import { labelChoices } from '../../labels/label-choices.ts';
import { useViewer } from '../../viewer/viewer.tsx';
import { useTaskActions } from '../actions/use-task-actions.ts';

type Label = TaskRowFragment['labels'][number];

/** The labels that match the text, and an option to create one. Arrow keys mark a label, Enter adds it. */
export function LabelPicker({ task }: { task: TaskRowFragment }) {
  const client = useApolloClient();
  const { labels } = useViewer();
  const { changeProperties } = useTaskActions();
  const [typed, setTyped] = useState('');
  const [marked, setMarked] = useState(0);
  const [refusal, setRefusal] = useState<string | null>(null);
  const id = useId();
  const { matches, newName } = labelChoices(labels, typed);
  const isMarking = typed.trim() !== '';
  const last = matches.length - (newName === null ? 1 : 0);
  const problem = lengthProblem(typed, limits.labelName) ?? refusal;
  const has = (label: { id: string }) => task.labels.some((other) => other.id === label.id);
  const type = (text: string) => {
    setTyped(text);
    setMarked(0);
    setRefusal(null);
  };
  const add = ({ id, name, color }: Omit<Label, '__typename'>) => {
    const label = { __typename: 'Label', id, name, color } as const;
    if (!has(label)) void changeProperties(task, { addLabelIds: [id] }, { labels: byName([...task.labels, label]) });
  };
  const pick = (label: Label) => {
    add(label);
    type('');
  };
  const remove = (label: Pick<Label, 'id'>) =>
    changeProperties(
      task,
      { removeLabelIds: [label.id] },
      { labels: task.labels.filter((other) => other.id !== label.id) },
    );
  const create = async (name: string) => {
    if (problem !== null) return;
    // Cleared at once, so that the next one can be typed before the response.
    type('');
    try {
      const label = { id: serverClock.newId(), name };
      await createLabel(client, label);
      add({ ...label, color: null });
    } catch (error) {
      const { fields, sentence } = describeProblem(error);
      setTyped((current) => current || name);
      setRefusal(fields.name ?? sentence);
    }
  };
  const pickMarked = (event: FormEvent) => {
    event.preventDefault();
    const match = matches[marked];
    if (!isMarking) return;
    if (match) pick(match);
    else if (newName !== null) void create(newName);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || !isMarking) return;
    event.preventDefault();
    setMarked(Math.min(last, Math.max(0, marked + step)));
  };
  const mark = (index: number) => (isMarking && index === marked ? { 'data-marked': '' } : {});
  return (
    <div className="label-picker">
      <form onSubmit={pickMarked} className="new-label">
        <input
          className="input"
          value={typed}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          placeholder="Find or create a label"
          aria-label="Find or create a label"
          {...problemAttributes(id, problem)}
          autoComplete="off"
          enterKeyHint="done"
        />
        <FieldProblem id={id} problem={problem} />
      </form>
      <p className="visually-hidden" role="status">
        {isMarking && `Enter: ${matches[marked]?.name ?? `Create “${newName}”`}`}
      </p>
      <ul className="choices">
        {matches.map((label, index) => (
          <li key={label.id}>
            <label className="choice" {...mark(index)}>
              <input type="checkbox" checked={has(label)} onChange={() => (has(label) ? remove(label) : pick(label))} />
              <span className="dot" style={label.color ? { backgroundColor: label.color } : undefined} />
              {label.name}
            </label>
          </li>
        ))}
        {newName !== null && (
          <li>
            <button type="button" className="choice" onClick={() => create(newName)} {...mark(matches.length)}>
              <PlusIcon /> Create “{newName}”
            </button>
          </li>
        )}
      </ul>
    </div>
  );
}

const byName = (labels: Label[]): Label[] => labels.sort((a, b) => a.name.localeCompare(b.name));
