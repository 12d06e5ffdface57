import { type ReactNode, useState } from 'react';
import { browserStorage } from '../browser-storage.ts';
import { PasswordField } from '../forms/password-field.tsx';
import { limits } from '../forms/text-limits.ts';
import { useForm } from '../forms/use-form.ts';
import { EmailField } from './email-field.tsx';
import { Entrance } from './entrance.tsx';
import { EntranceForm } from './entrance-form.tsx';

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
  const [isStorageWritable] = useState(() => browserStorage.isWritable());
  const form = useForm((values) =>
    send({ email: String(values.get('email')), password: String(values.get('password')) }),
  );
  const isNew = password === 'new-password';
  return (
    <Entrance title={title} other={children}>
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
      <EntranceForm form={form} label={title} submit={submit} fields={fields}>
        <EmailField problem={form.problem?.fields.email} {...(isNew && { limit: limits.email })} />
        <PasswordField
          label="Password"
          name="password"
          autoComplete={password}
          problem={form.problem?.fields.password}
          {...(isNew && { hint: 'At least 8 characters.', limit: limits.password })}
        />
      </EntranceForm>
    </Entrance>
  );
}
