import { useEffect, useId, useRef, useState } from 'react';
import { describeProblem } from '../graphql/problem.ts';
import type { DetailedTask } from './task-detail.tsx';
import { useTaskActions } from './use-task-actions.ts';

/** Milliseconds without a key after which what was typed is saved. */
const pause = 1_000;

/** Notes in Markdown, kept as text. They save themselves. */
export function DescriptionField({ task }: { task: DetailedTask }) {
  const { describe } = useTaskActions();
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const isSaving = useRef(false);
  // The version on which the text was begun. A change of another field, which leaves the text alone, is no conflict.
  const base = useRef({ text: task.description, version: task.version });
  if (typed === null || task.description === base.current.text) {
    base.current = { text: task.description, version: task.version };
  }

  const save = async () => {
    if (typed === null || isSaving.current) return;
    if (typed === task.description) return setTyped(null);
    isSaving.current = true;
    try {
      await describe(task, typed, base.current.version);
      setTyped((now) => (now === typed ? null : now));
      setProblem(null);
    } catch (error) {
      const { fields, sentence } = describeProblem(error);
      setProblem(fields.description ?? sentence);
    } finally {
      isSaving.current = false;
    }
  };
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    if (typed === null) return undefined;
    const timer = setTimeout(() => latest.current(), pause);
    return () => clearTimeout(timer);
  }, [typed]);
  // Whoever closes the pane within that second has still written it.
  useEffect(() => () => void latest.current(), []);

  return (
    <div className="field">
      <label htmlFor={id}>Notes</label>
      <textarea
        id={id}
        className="notes"
        value={typed ?? task.description}
        readOnly={task.deletedAt !== null}
        maxLength={20_000}
        rows={3}
        placeholder="Anything that helps to do it"
        onChange={(event) => setTyped(event.target.value)}
        onBlur={save}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? `${id}-problem` : undefined}
      />
      {problem && (
        <p className="field-problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
