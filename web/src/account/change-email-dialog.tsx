import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { AccountName } from '../forms/account-name.tsx';
import { Field } from '../forms/field.tsx';
import { FormProblem } from '../forms/form-problem.tsx';
import { PasswordField } from '../forms/password-field.tsx';
import { limits } from '../forms/text-limits.ts';
import { useForm } from '../forms/use-form.ts';
import { RequestEmailChangeDocument } from '../generated/graphql.ts';

const fields = ['newEmail', 'password'];

/** Asks for a link to a new address. The account keeps its old one until that link is opened. */
export function ChangeEmailDialog({ email, onClose }: { email: string; onClose: () => void }) {
  const client = useApolloClient();
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm(async (values) => {
    const newEmail = String(values.get('newEmail')).trim();
    const input = { newEmail, password: String(values.get('password')) };
    await client.mutate({ mutation: RequestEmailChangeDocument, variables: { input } });
    setSentTo(newEmail);
  }, 'password');
  return (
    <Dialog title="Change e-mail address" onClose={onClose}>
      {sentTo === null ? (
        <form className="form" ref={form.ref} onSubmit={form.onSubmit} noValidate>
          <AccountName email={email} />
          <Field
            label="New e-mail address"
            name="newEmail"
            type="email"
            autoComplete="email"
            autoCapitalize="none"
            spellCheck={false}
            hint="You will be sent a link to it. Until you open that, nothing changes."
            limit={limits.email}
            problem={form.problem?.fields.newEmail}
          />
          <PasswordField
            label="Your password"
            name="password"
            autoComplete="current-password"
            problem={form.problem?.fields.password}
          />
          <FormProblem problem={form.problem} fields={fields} />
          <div className="form-end">
            <button type="submit" className="button button-strong" aria-disabled={form.isSending}>
              Send the link
            </button>
          </div>
        </form>
      ) : (
        <p role="status">
          Open the link in the e-mail to {sentTo} within 24 hours. Until then you sign in with {email}.
        </p>
      )}
    </Dialog>
  );
}
