import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { FieldProblem, problemAttributes } from '../../forms/field-problem.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { focusRow } from '../../rows/row-focus.ts';
import { useTitleDraft } from '../drafts/use-title-draft.ts';

/** The title of a row as a text that can be changed: Enter or leaving it saves, Escape takes it back. */
export function TitleEditor({ task, onDone }: { task: TaskRowFragment; onDone: () => void }) {
  const draft = useTitleDraft(task);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
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
    if (await draft.save()) close(returnsFocus);
    else input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Enter') void save(true);
    if (event.key === 'Escape') {
      // Nor does it close the dialog around it.
      event.preventDefault();
      draft.reset();
      close(true);
    }
  };
  return (
    <div className="title-editor">
      <input
        ref={input}
        className="input"
        dir="auto"
        value={draft.text}
        onChange={(event) => draft.change(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={() => save(false)}
        aria-label="Title"
        {...problemAttributes(id, draft.problem)}
      />
      <FieldProblem id={id} problem={draft.problem} />
    </div>
  );
}
