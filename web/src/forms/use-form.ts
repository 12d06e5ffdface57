import { type FormEvent, useEffect, useRef, useState } from 'react';
import { describeProblem, type Problem } from '../graphql/problem.ts';

/**
 * The state of a form. It is not sent twice at once, nor while a text is too long. Errors are shown at the fields.
 * @param passwordField the field of the account's password, at which it is shown that it is wrong
 */
export function useForm(send: (values: FormData) => Promise<unknown>, passwordField?: string) {
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
      const described = describeProblem(error);
      const isWrong = passwordField !== undefined && described.code === 'INVALID_CREDENTIALS';
      setProblem(isWrong ? { ...described, fields: { [passwordField]: described.sentence } } : described);
    } finally {
      setIsSending(false);
    }
  };
  return { ref, onSubmit, problem, isSending };
}
