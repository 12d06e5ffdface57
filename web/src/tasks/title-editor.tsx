import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { describeProblem } from '../graphql/problem.ts';
import { focusRow } from './use-kept-focus.ts';
import { useTaskActions } from './use-task-actions.ts';

/** The title of a row as a text that can be changed: Enter or leaving it saves, Escape takes it back. */
export function TitleEditor({ task, onDone }: { task: TaskRowFragment; onDone: () => void }) {
  const { rename } = useTaskActions();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [title, setTitle] = useState(task.title);
  const [problem, setProblem] = useState<string | null>(null);
  const isClosed = useRef(false);
  useEffect(() => input.current?.select(), []);

  const close = (returnsFocus: boolean) => {
    isClosed.current = true;
    onDone();
    // The link that takes the editor's place is there after this event.
    if (returnsFocus) setTimeout(() => focusRow(document, task.id));
  };
  const save = async (returnsFocus: boolean) => {
    if (isClosed.current) return;
    const typed = title.trim();
    if (typed === '') return setProblem('A task needs a title.');
    if (typed === task.title) return close(returnsFocus);
    try {
      await rename(task, typed);
      close(returnsFocus);
    } catch (error) {
      const { fields, sentence } = describeProblem(error);
      setProblem(fields.title ?? sentence);
      input.current?.focus();
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Enter') void save(true);
    if (event.key === 'Escape') {
      // Nor does it close the dialog around it.
      event.preventDefault();
      close(true);
    }
  };
  return (
    <div className="title-editor">
      <input
        ref={input}
        className="input"
        dir="auto"
        value={title}
        maxLength={500}
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => save(false)}
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
