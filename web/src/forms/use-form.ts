import { type FormEvent, useEffect, useRef, useState } from 'react';
import { describeProblem, type Problem } from '../graphql/problem.ts';

/** The state of a form. It is not sent twice at once, nor while a text is too long. Errors are shown at the fields. */
export function useForm(send: (values: FormData) => Promise<unknown>) {
  const ref = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isSending, setIsSending] = useState(false);
  useEffect(() => {
    if (problem) ref.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
  }, [problem]);

  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (isSending) return;
    const tooLong = event.currentTarget.querySelector<HTMLElement>('[data-excess]');
    if (tooLong) return tooLong.focus();
    setIsSending(true);
    try {
      await send(new FormData(event.currentTarget));
      setProblem(null);
    } catch (error) {
      setProblem(describeProblem(error));
    } finally {
      setIsSending(false);
    }
  };
  return { ref, onSubmit, problem, isSending };
}
