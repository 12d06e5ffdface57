import { use, useEffect, useId, useRef, useState } from 'react';
import { FieldProblem, problemAttributes } from '../../forms/field-problem.tsx';
import { lengthProblem, limits } from '../../forms/text-limits.ts';
import { describeProblem, problemText } from '../../graphql/problem.ts';
import { useToasts } from '../../messages/toast-stack.tsx';
import { useTaskActions } from '../actions/use-task-actions.ts';
import { UnsavedNotes } from '../drafts/unsaved-notes.ts';
import { useTextBase } from '../drafts/use-text-base.ts';
import { isTrashed, nameTasks } from '../task.ts';
import type { DetailedTask } from './task-detail.tsx';

/** Milliseconds after the last key until the text is saved. */
const pause = 1_000;

/** Notes in Markdown, shown as plain text. Saved automatically. */
export function DescriptionField({ task }: { task: DetailedTask }) {
  const { changeDescription } = useTaskActions();
  const id = useId();
  const toasts = useToasts();
  const unsaved = use(UnsavedNotes);
  const [typed, setTyped] = useState<string | null>(unsaved.get(task.id) ?? null);
  const isClosed = useRef(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  const problem = lengthProblem(typed ?? '', limits.description) ?? refusal;
  const [isSaving, setIsSaving] = useState(false);
  const [isComposing, setIsComposing] = useState(false);
  const { base, sent } = useTextBase(typed, task.description, task.version);

  const keep = (text: string, reason: string) => {
    unsaved.set(task.id, text);
    if (isClosed.current) toasts.show(`Could not save the notes of ${nameTasks([task])}. ${reason}`);
  };
  const save = async () => {
    unsaved.delete(task.id);
    if (typed === null) return;
    if (typed === task.description) return setTyped(null);
    const excess = lengthProblem(typed, limits.description);
    if (excess !== null) return keep(typed, excess);
    setIsSaving(true);
    try {
      sent.current = typed;
      await changeDescription(task, typed, base.current);
      setTyped((now) => (now === typed ? null : now));
    } catch (error) {
      const failure = describeProblem(error);
      setRefusal(failure.fields.description ?? problemText(failure));
      keep(typed, failure.fields.description ?? problemText(failure));
    } finally {
      setIsSaving(false);
    }
  };
  useEffect(() => {
    isClosed.current = false;
    return () => {
      isClosed.current = true;
    };
  }, []);
  useAutosave(typed !== null, typed !== null && !isSaving && !isComposing && problem === null, typed, save);

  return (
    <div className="field">
      <label htmlFor={id}>Notes</label>
      <textarea
        id={id}
        className="notes"
        value={typed ?? task.description}
        readOnly={isTrashed(task)}
        rows={3}
        dir="auto"
        placeholder="Add notes"
        onChange={(event) => {
          setTyped(event.target.value);
          setRefusal(null);
        }}
        onCompositionStart={() => setIsComposing(true)}
        onCompositionEnd={() => setIsComposing(false)}
        onBlur={() => !isSaving && save()}
        {...problemAttributes(`${id}-problem`, problem)}
      />
      <FieldProblem id={`${id}-problem`} problem={problem} />
    </div>
  );
}

/** Saves after a pause in typing and when the pane closes. The browser asks before the page is left with unsaved text. */
function useAutosave(isUnsaved: boolean, canSave: boolean, typed: string | null, save: () => Promise<void>): void {
  const latest = useRef(save);
  latest.current = save;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each key restarts the pause
  useEffect(() => {
    if (!canSave) return undefined;
    const timer = setTimeout(() => latest.current(), pause);
    return () => clearTimeout(timer);
  }, [canSave, typed]);
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [isUnsaved]);
  useEffect(() => () => void latest.current(), []);
}
