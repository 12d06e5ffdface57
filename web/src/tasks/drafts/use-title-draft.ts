import { useEffect, useRef, useState } from 'react';
import { lengthProblem, limits } from '../../forms/text-limits.ts';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { describeProblem, problemText } from '../../graphql/problem.ts';
import { useToasts } from '../../messages/toast-stack.tsx';
import { useTaskActions } from '../actions/use-task-actions.ts';
import { nameTasks } from '../task.ts';
import { useTextBase } from './use-text-base.ts';

const noTitle = 'A task needs a title.';

/** A title during editing, and its problem. It is saved at the latest when its field disappears. */
export function useTitleDraft(task: TaskRowFragment) {
  const { rename } = useTaskActions();
  const toasts = useToasts();
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const excess = lengthProblem(typed ?? '', limits.title);
  const { base, sent } = useTextBase(typed, task.title, task.version);
  const isUnsaved = useRef(false);
  const isGone = useRef(false);
  const change = (text: string) => {
    isUnsaved.current = true;
    setTyped(text);
  };
  const reset = () => {
    isUnsaved.current = false;
    setTyped(null);
    setProblem(null);
  };
  const fail = (reason: string): false => {
    isUnsaved.current = true;
    if (isGone.current) toasts.show(`Could not rename ${nameTasks([task])}. ${reason}`);
    return false;
  };
  /** @returns whether the text is saved */
  const save = async (): Promise<boolean> => {
    isUnsaved.current = false;
    const title = (typed ?? task.title).replaceAll('\n', ' ').trim();
    if (title === '') {
      setProblem(noTitle);
      return fail(noTitle);
    }
    if (excess !== null) return fail(excess);
    try {
      if (title !== task.title) {
        sent.current = title;
        await rename(task, title, base.current);
      }
      setTyped((now) => (now === typed ? null : now));
      setProblem(null);
      return true;
    } catch (error) {
      const failure = describeProblem(error);
      const reason = failure.fields.title ?? problemText(failure);
      setProblem(reason);
      return fail(reason);
    }
  };
  const latest = useRef(save);
  latest.current = save;
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
      if (isUnsaved.current) void latest.current();
    };
  }, []);
  return {
    text: typed ?? task.title,
    isChanged: typed !== null,
    problem: excess ?? problem,
    change,
    save,
    reset,
  };
}
