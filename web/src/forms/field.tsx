import { type InputHTMLAttributes, type ReactNode, type Ref, useId, useState } from 'react';
import { lengthProblem, type TextLimit } from './text-limits.ts';

export interface FieldProps extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  /** The error message. */
  problem?: string | undefined;
  hint?: string;
  /** Longer text is reported, and the form is not sent. */
  limit?: TextLimit;
  ref?: Ref<HTMLInputElement>;
  /** A button that belongs to the input, next to the label. */
  children?: ReactNode;
}

/** An input with its label above and its error message below. */
export function Field({ label, problem, hint, limit, children, ...input }: FieldProps) {
  const id = useId();
  const [excess, setExcess] = useState<string | null>(null);
  const shown = excess ?? problem;
  const describedBy = shown ? `${id}-problem` : hint && `${id}-hint`;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        aria-invalid={shown ? true : undefined}
        aria-describedby={describedBy}
        data-excess={excess ? '' : undefined}
        onChange={(event) => limit && setExcess(lengthProblem(event.target.value, limit))}
        {...input}
      />
      {children}
      {shown && (
        <p className="field-problem" id={`${id}-problem`} role={excess ? 'alert' : undefined}>
          {shown}
        </p>
      )}
      {hint && !shown && (
        <p className="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}
