import { useEffect, useId, useRef, useState } from 'react';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { describeProblem } from '../graphql/problem.ts';
import { useTaskActions } from './use-task-actions.ts';

/** The title, as large as it is long, and whether it is done. */
export function DetailTitle({ task }: { task: TaskRowFragment }) {
  const { complete, reopen, rename } = useTaskActions();
  const id = useId();
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const area = useRef<HTMLTextAreaElement>(null);
  // Whoever opens a task comes from a row; the keyboard goes on from here.
  useEffect(() => area.current?.focus({ preventScroll: true }), []);

  const save = async () => {
    const title = (typed ?? '').replaceAll('\n', ' ').trim();
    if (typed === null || title === task.title) return reset();
    if (title === '') return setProblem('A task needs a title.');
    try {
      setProblem(null);
      await rename(task, title);
      setTyped((now) => (now === typed ? null : now));
    } catch (error) {
      const { fields, sentence } = describeProblem(error);
      setProblem(fields.title ?? sentence);
    }
  };
  const reset = () => {
    setTyped(null);
    setProblem(null);
  };
  return (
    <div className="detail-title">
      <label className="check" data-priority={task.priority}>
        <input
          type="checkbox"
          checked={task.completed}
          disabled={task.deletedAt !== null}
          onChange={() => (task.completed ? reopen([task]) : complete([task]))}
          aria-label={`Done: ${task.title}`}
        />
      </label>
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        value={typed ?? task.title}
        maxLength={500}
        readOnly={task.deletedAt !== null}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={save}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            void save();
          }
          if (event.key === 'Escape' && typed !== null) {
            event.preventDefault();
            reset();
          }
        }}
        aria-label="Title"
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem ? id : undefined}
      />
      {problem && (
        <p className="field-problem" id={id} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
