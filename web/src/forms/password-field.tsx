import { useEffect, useRef, useState } from 'react';
import { Field, type FieldProps } from './field.tsx';

type PasswordFieldProps = Omit<FieldProps, 'type' | 'children' | 'ref' | 'autoComplete'> & {
  /** Which password it is, for password managers: the account's, or one that they may suggest. */
  autoComplete: 'current-password' | 'new-password';
};

/** A password, hidden until its owner asks to see it. */
export function PasswordField(props: PasswordFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [isShown, setIsShown] = useState(false);
  useEffect(() => {
    // Browsers offer again what was typed as text, but no password.
    const hide = () => setIsShown(false);
    const form = input.current?.form;
    form?.addEventListener('submit', hide);
    return () => form?.removeEventListener('submit', hide);
  }, []);
  return (
    <Field {...props} ref={input} type={isShown ? 'text' : 'password'} autoCapitalize="none" spellCheck={false}>
      <button
        type="button"
        className="text-button"
        aria-pressed={isShown}
        onClick={() => setIsShown((before) => !before)}
      >
        Show<span className="visually-hidden"> {props.label.toLowerCase()}</span>
      </button>
    </Field>
  );
}
