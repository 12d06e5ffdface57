import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { FieldProblem, problemAttributes } from '../../forms/field-problem.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { focusRow } from '../../rows/row-focus.ts';
import { useTitleDraft } from '../drafts/use-title-draft.ts';

/** Edits the title of a row. Enter or leaving the field saves, Escape reverts. */
export function TitleEditor({ task, onDone }: { task: TaskRowFragment; onDone: () => void }) {
  const draft = useTitleDraft(task);
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const isClosed = useRef(false);
  useEffect(() => input.current?.select(), []);

  const close = (returnsFocus: boolean) => {
    isClosed.current = true;
    onDone();
    // The link that replaces the editor is rendered after this event.
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
      // Escape must not close a dialog around it either.
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
