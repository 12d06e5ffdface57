import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { PlusIcon } from '../../design/icons.tsx';
import { problemAttributes } from '../../forms/field-problem.tsx';
import { lengthProblem, limits } from '../../forms/text-limits.ts';
import { describeProblem, problemText } from '../../graphql/problem.ts';
import { serverClock } from '../../graphql/server-clock.ts';
import { useToasts } from '../../messages/toast-stack.tsx';
import { navigate } from '../../navigation/navigate.ts';
import type { NewTask } from '../actions/create-task.ts';
import { useTaskActions } from '../actions/use-task-actions.ts';

interface QuickAddProps {
  defaults: Omit<NewTask, 'id' | 'title'>;
  placeholder?: string;
  /** Whether to focus the field: if the view is empty. */
  isFirst?: boolean;
}

/** Creates a task from a title and Enter; the next one can be typed at once. */
export function QuickAdd({ defaults, placeholder = 'Add a task', isFirst = false }: QuickAddProps) {
  const { create } = useTaskActions();
  const toasts = useToasts();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [title, setTitle] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const excess = lengthProblem(title, limits.title);
  const problem = excess ?? refusal;
  useEffect(() => {
    // Not on touch screens, whose keyboard would cover the view.
    if (isFirst && document.activeElement === document.body && matchMedia('(pointer: fine)').matches) {
      input.current?.focus();
    }
  }, [isFirst]);
  // After a failure, the task may have been created, and only the response lost: a retry uses the same id.
  const failed = useRef({ sent: '', id: '' });
  const add = async (event: FormEvent) => {
    event.preventDefault();
    const typed = title;
    if (typed.trim() === '' || excess !== null) return input.current?.focus();
    setTitle('');
    setRefusal(null);
    const task = { ...defaults, title: typed };
    const sent = JSON.stringify(task);
    const id = failed.current.sent === sent ? failed.current.id : serverClock.newId();
    failed.current = { sent: '', id: '' };
    try {
      await create({ ...task, id });
      // Not shown if it comes after the loaded tasks.
      const isShown = document.querySelector(`[data-row="${id}"]`) !== null;
      if (!isShown) toasts.show('Added.', { label: 'Open', run: () => navigate(`${location.pathname}?task=${id}`) });
    } catch (error) {
      failed.current = { sent, id };
      // Restores the title, unless the next one is already being typed.
      setTitle((current) => current || typed);
      const failure = describeProblem(error);
      setRefusal(failure.fields.title ?? problemText(failure));
      input.current?.focus();
    }
  };
  return (
    <form className="quick-add" onSubmit={add}>
      <button type="submit" className="icon-button" aria-label="Add">
        <PlusIcon />
      </button>
      <input
        ref={input}
        data-quick-add
        dir="auto"
        value={title}
        onChange={(event) => setTitle(event.target.value)}
        placeholder={placeholder}
        aria-label={placeholder}
        {...problemAttributes(id, problem)}
        autoComplete="off"
        enterKeyHint="done"
      />
      <div role="alert" className="quick-add-problem">
        {problem && <p id={id}>{problem}</p>}
      </div>
    </form>
  );
}
