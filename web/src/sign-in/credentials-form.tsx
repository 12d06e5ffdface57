import { type ReactNode, useEffect, useId, useState } from 'react';
import { browserStorage } from '../browser-storage.ts';
import { ThemeSwitch } from '../controls/theme-switch.tsx';
import { LogoIcon } from '../design/icons.tsx';
import { Field } from '../forms/field.tsx';
import { FormProblem } from '../forms/form-problem.tsx';
import { PasswordField } from '../forms/password-field.tsx';
import { limits } from '../forms/text-limits.ts';
import { useForm } from '../forms/use-form.ts';
import { useDocumentTitle } from '../navigation/use-document-title.ts';
import { productName } from '../product-name.ts';

interface Credentials {
  readonly email: string;
  readonly password: string;
}

interface CredentialsFormProps {
  title: string;
  /** The reason for asking, if there is one. */
  reason: string | null;
  submit: string;
  password: 'new-password' | 'current-password';
  send: (credentials: Credentials) => Promise<unknown>;
  children: ReactNode;
}

const fields = ['email', 'password'];

/** Asks for e-mail address and password, to sign up or to sign in. */
export function CredentialsForm({ title, reason, submit, password, send, children }: CredentialsFormProps) {
  const heading = useId();
  useDocumentTitle(title);
  const [isStorageWritable] = useState(() => browserStorage.isWritable());
  const form = useForm((values) =>
    send({ email: String(values.get('email')), password: String(values.get('password')) }),
  );
  useEffect(() => {
    // Not on touch screens, whose keyboard would cover half of the page.
    if (matchMedia('(pointer: fine)').matches) form.ref.current?.querySelector('input')?.focus();
  }, [form.ref]);
  const isNew = password === 'new-password';
  return (
    <main className="entrance">
      <div className="entrance-card">
        <p className="brand">
          <LogoIcon /> {productName}
        </p>
        <h1 id={heading}>{title}</h1>
        {reason && (
          <p className="entrance-reason" role="status">
            {reason}
          </p>
        )}
        {!isStorageWritable && (
          <p className="notice" role="status">
            This browser blocks storage for this page. You will stay signed in until you close or reload this tab.
          </p>
        )}
        <form ref={form.ref} onSubmit={form.onSubmit} aria-labelledby={heading} noValidate>
          <Field
            label="E-mail address"
            name="email"
            type="email"
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            problem={form.problem?.fields.email}
            {...(isNew && { limit: limits.email })}
          />
          <PasswordField
            label="Password"
            name="password"
            autoComplete={password}
            problem={form.problem?.fields.password}
            {...(isNew && { hint: 'At least 8 characters.', limit: limits.password })}
          />
          <FormProblem problem={form.problem} fields={fields} />
          <button type="submit" className="button button-strong button-wide" aria-disabled={form.isSending}>
            {form.isSending ? 'One moment…' : submit}
          </button>
        </form>
        <p className="entrance-other">{children}</p>
      </div>
      <ThemeSwitch />
    </main>
  );
}
