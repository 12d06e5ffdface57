import { type KeyboardEvent, useEffect, useId, useRef } from 'react';
import { FieldProblem, problemAttributes } from '../../forms/field-problem.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { useTaskActions } from '../actions/use-task-actions.ts';
import { useTitleDraft } from '../drafts/use-title-draft.ts';
import { isTrashed } from '../task.ts';

/** The title, in a field that grows with it, and the checkbox. */
export function TitleField({ task }: { task: TaskRowFragment }) {
  const { complete, reopen } = useTaskActions();
  const draft = useTitleDraft(task);
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  // A task is opened from a row; the keyboard continues here.
  useEffect(() => area.current?.focus({ preventScroll: true }), []);

  const onKeyDown = (event: KeyboardEvent) => {
    const isEnter = event.key === 'Enter';
    if (!isEnter && !(event.key === 'Escape' && draft.isChanged)) return;
    event.preventDefault();
    if (isEnter) void draft.save();
    else draft.reset();
  };
  return (
    <div className="title-field">
      <label className="check" data-priority={task.priority}>
        <input
          type="checkbox"
          checked={task.completed}
          disabled={isTrashed(task)}
          onChange={() => (task.completed ? reopen([task]) : complete([task]))}
          aria-label={`Done: ${task.title}`}
        />
      </label>
      <textarea
        ref={area}
        rows={1}
        dir="auto"
        value={draft.text}
        readOnly={isTrashed(task)}
        onChange={(event) => draft.change(event.target.value)}
        onBlur={draft.save}
        onKeyDown={onKeyDown}
        aria-label="Title"
        {...problemAttributes(id, draft.problem)}
      />
      <FieldProblem id={id} problem={draft.problem} />
    </div>
  );
}
