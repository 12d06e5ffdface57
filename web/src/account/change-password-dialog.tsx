import { useApolloClient } from '@apollo/client/react';
import { Dialog } from '../controls/dialog.tsx';
import { AccountName } from '../forms/account-name.tsx';
import { FormProblem } from '../forms/form-problem.tsx';
import { NewPasswordField } from '../forms/new-password-field.tsx';
import { PasswordField } from '../forms/password-field.tsx';
import { useForm } from '../forms/use-form.ts';
import { AccountDocument, ChangePasswordDocument } from '../generated/graphql.ts';
import { useToasts } from '../messages/toast-stack.tsx';
import { toRecord } from '../session/session.ts';
import { useSession } from '../session/session-context.tsx';

const fields = ['currentPassword', 'newPassword'];

/** Changes the password. All sessions end; this page continues with a new one. */
export function ChangePasswordDialog({ email, onClose }: { email: string; onClose: () => void }) {
  const client = useApolloClient();
  const session = useSession();
  const toasts = useToasts();
  const form = useForm(async (values) => {
    const input = {
      currentPassword: String(values.get('currentPassword')),
      newPassword: String(values.get('newPassword')),
    };
    const { data } = await client.mutate({ mutation: ChangePasswordDocument, variables: { input } });
    if (data?.changePassword) session.open(toRecord(data.changePassword));
    toasts.show('Password changed. You have been signed out on all other devices.');
    onClose();
    await client.refetchQueries({ include: [AccountDocument] }).catch((error) => toasts.showProblem(error));
  }, 'currentPassword');
  return (
    <Dialog title="Change password" onClose={onClose}>
      <form className="form" ref={form.ref} onSubmit={form.onSubmit} noValidate>
        <AccountName email={email} />
        <PasswordField
          label="Current password"
          name="currentPassword"
          autoComplete="current-password"
          problem={form.problem?.fields.currentPassword}
        />
        <NewPasswordField problem={form.problem?.fields.newPassword} />
        <FormProblem problem={form.problem} fields={fields} />
        <div className="form-end">
          <button type="submit" className="button button-strong" aria-disabled={form.isSending}>
            Change password
          </button>
        </div>
      </form>
    </Dialog>
  );
}
