import { useApolloClient } from '@apollo/client/react';
import { type FormEvent, useId, useState } from 'react';
import { LabelIcon, PlusIcon } from '../design/icons.tsx';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { describeProblem } from '../graphql/problem.ts';
import { serverClock } from '../graphql/server-clock.ts';
import { createLabel } from '../labels/label-actions.ts';
import { useFrame } from '../layout/frame-data.tsx';
import { Property } from './property.tsx';
import { useTaskActions } from './use-task-actions.ts';

type Label = TaskRowFragment['labels'][number];

export function LabelField({ task }: { task: TaskRowFragment }) {
  return (
    <Property
      icon={<LabelIcon />}
      label="Labels"
      isReadOnly={task.deletedAt !== null}
      value={
        task.labels.length === 0 ? (
          <span className="quiet">None</span>
        ) : (
          task.labels.map(({ id, name, color }) => (
            <span key={id} className="chip" style={color ? { borderColor: color } : undefined}>
              {name}
            </span>
          ))
        )
      }
    >
      {() => <LabelChooser task={task} />}
    </Property>
  );
}

/** Ticks for the labels that there are, and a line that makes a new one. */
function LabelChooser({ task }: { task: TaskRowFragment }) {
  const { labels } = useFrame();
  const { choose } = useTaskActions();
  const [typed, setTyped] = useState('');
  const wanted = typed.trim().toLowerCase();
  const shown = labels.filter(({ name }) => name.toLowerCase().includes(wanted));
  const has = (id: string) => task.labels.some((label) => label.id === id);
  const add = (label: Label) => choose(task, { addLabelIds: [label.id] }, { labels: byName([...task.labels, label]) });
  const remove = (id: string) =>
    choose(task, { removeLabelIds: [id] }, { labels: task.labels.filter((label) => label.id !== id) });
  return (
    <div className="label-chooser">
      <NewLabel
        typed={typed}
        onType={setTyped}
        onMade={add}
        known={shown.find(({ name }) => name.toLowerCase() === wanted)}
      />
      <ul className="choices">
        {shown.map((label) => (
          <li key={label.id}>
            <label className="choice">
              <input
                type="checkbox"
                checked={has(label.id)}
                onChange={() => (has(label.id) ? remove(label.id) : add(label))}
              />
              <span className="dot" style={label.color ? { backgroundColor: label.color } : undefined} />
              {label.name}
            </label>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface NewLabelProps {
  typed: string;
  onType: (text: string) => void;
  onMade: (label: Label) => void;
  /** The label that has this very name. */
  known: { id: string; name: string; color: string | null } | undefined;
}

function NewLabel({ typed, onType, onMade, known }: NewLabelProps) {
  const client = useApolloClient();
  const problemId = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const make = async (event: FormEvent) => {
    event.preventDefault();
    const name = typed.trim();
    if (name === '') return;
    try {
      const label = known ?? { id: serverClock.newId(), name, color: null };
      if (!known) await createLabel(client, { id: label.id, name });
      onMade({ __typename: 'Label', id: label.id, name: label.name, color: label.color });
      onType('');
      setProblem(null);
    } catch (error) {
      const { fields, sentence } = describeProblem(error);
      setProblem(fields.name ?? sentence);
    }
  };
  return (
    <form onSubmit={make} className="new-label">
      <input
        className="input"
        value={typed}
        onChange={(event) => onType(event.target.value)}
        placeholder="Find or make a label"
        aria-label="Find or make a label"
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? problemId : undefined}
        autoComplete="off"
      />
      {typed.trim() !== '' && (
        <button type="submit" className="button">
          <PlusIcon /> {known ? 'Add' : 'Make'}
        </button>
      )}
      {problem && (
        <p className="field-problem" id={problemId} role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

const byName = (labels: Label[]): Label[] => labels.sort((a, b) => a.name.localeCompare(b.name));
