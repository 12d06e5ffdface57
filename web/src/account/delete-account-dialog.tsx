import { useApolloClient } from '@apollo/client/react';
import { Dialog } from '../controls/dialog.tsx';
import { AccountName } from '../forms/account-name.tsx';
import { FormProblem } from '../forms/form-problem.tsx';
import { PasswordField } from '../forms/password-field.tsx';
import { useForm } from '../forms/use-form.ts';
import { DeleteAccountDocument } from '../generated/graphql.ts';
import { navigate } from '../navigation/navigate.ts';
import { useSession } from '../session/session-context.tsx';

/** Deletes the account permanently, after asking for the password. */
export function DeleteAccountDialog({ email, onClose }: { email: string; onClose: () => void }) {
  const client = useApolloClient();
  const session = useSession();
  const form = useForm(async (values) => {
    const variables = { input: { password: String(values.get('password')) } };
    await client.mutate({ mutation: DeleteAccountDocument, variables });
    navigate('/sign-up', 'replace');
    session.end(null);
  }, 'password');
  return (
    <Dialog title="Delete your account?" onClose={onClose}>
      <form className="form" ref={form.ref} onSubmit={form.onSubmit} noValidate>
        <AccountName email={email} />
        <p>All your tasks, lists and labels will be deleted. This cannot be undone.</p>
        <PasswordField
          label="Your password"
          name="password"
          autoComplete="current-password"
          problem={form.problem?.fields.password}
        />
        <FormProblem problem={form.problem} fields={['password']} />
        <div className="form-end">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button-alarm" aria-disabled={form.isSending}>
            Delete account
          </button>
        </div>
      </form>
    </Dialog>
  );
}
