import { type ReactNode, useEffect } from 'react';
import { FormProblem } from '../forms/form-problem.tsx';
import type { useForm } from '../forms/use-form.ts';

interface EntranceFormProps {
  form: ReturnType<typeof useForm>;
  label: string;
  submit: string;
  /** The names of the fields that show their own problems. */
  fields: readonly string[];
  children?: ReactNode;
}

/** The form of a page that needs no session: its fields, what went wrong, and one button. */
export function EntranceForm({ form, label, submit, fields, children }: EntranceFormProps) {
  useEffect(() => {
    // Not on touch screens, whose keyboard would cover half of the page.
    if (matchMedia('(pointer: fine)').matches) form.ref.current?.querySelector('input')?.focus();
  }, [form.ref]);
  return (
    <form ref={form.ref} onSubmit={form.onSubmit} aria-label={label} noValidate>
      {children}
      <FormProblem problem={form.problem} fields={fields} />
      <button type="submit" className="button button-strong button-wide" aria-disabled={form.isSending}>
        {form.isSending ? 'One moment…' : submit}
      </button>
    </form>
  );
}
