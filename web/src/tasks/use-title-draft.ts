import { useState } from 'react';
import { excessOf, limits } from '../design/text-limits.ts';
import type { TaskRowFragment } from '../generated/graphql.ts';
import { describeProblem, withWait } from '../graphql/problem.ts';
import { useTaskActions } from './use-task-actions.ts';

/** A title while it is being changed, and what is wrong with it. */
export function useTitleDraft(task: TaskRowFragment) {
  const { rename } = useTaskActions();
  const [typed, setTyped] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);

  const excess = excessOf(typed ?? '', limits.title);
  const reset = () => {
    setTyped(null);
    setProblem(null);
  };
  /** @returns whether it is as it was typed now */
  const save = async (): Promise<boolean> => {
    const title = (typed ?? task.title).replaceAll('\n', ' ').trim();
    if (title === '') {
      setProblem('A task needs a title.');
      return false;
    }
    if (excess !== null) return false;
    try {
      if (title !== task.title) await rename(task, title);
      setTyped((now) => (now === typed ? null : now));
      setProblem(null);
      return true;
    } catch (error) {
      const told = describeProblem(error);
      setProblem(told.fields.title ?? withWait(told));
      return false;
    }
  };
  return {
    text: typed ?? task.title,
    isChanged: typed !== null,
    problem: excess ?? problem,
    change: setTyped,
    save,
    reset,
  };
}
