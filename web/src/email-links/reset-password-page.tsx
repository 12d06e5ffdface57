import { useMemo, useState } from 'react';
import { NewPasswordField } from '../forms/new-password-field.tsx';
import { useForm } from '../forms/use-form.ts';
import { ResetPasswordDocument } from '../generated/graphql.ts';
import { createAnonymousClient } from '../graphql/client.ts';
import { Link } from '../navigation/link.tsx';
import { Entrance } from '../sign-in/entrance.tsx';
import { EntranceForm } from '../sign-in/entrance-form.tsx';
import { IncompleteLink } from './incomplete-link.tsx';
import { useLinkToken } from './link-token.ts';

const title = 'Choose a new password';

/** Takes a new password in place of a forgotten one. */
export function ResetPasswordPage() {
  const client = useMemo(createAnonymousClient, []);
  const token = useLinkToken();
  const [isDone, setIsDone] = useState(false);
  const form = useForm(async (values) => {
    const input = { token: token ?? '', newPassword: String(values.get('newPassword')) };
    await client.mutate({ mutation: ResetPasswordDocument, variables: { input } });
    setIsDone(true);
  });
  if (token === null) return <IncompleteLink title={title} />;
  if (isDone) {
    return (
      <Entrance title="Password changed" other={<Link href="/sign-in">Sign in</Link>}>
        <p role="status">You have been signed out on all devices. Sign in with your new password.</p>
      </Entrance>
    );
  }
  return (
    <Entrance title={title} other={<Link href="/forgot-password">Send me another link</Link>}>
      <EntranceForm form={form} label={title} submit="Change password" fields={['newPassword']}>
        <NewPasswordField problem={form.problem?.fields.newPassword} />
      </EntranceForm>
    </Entrance>
  );
}
