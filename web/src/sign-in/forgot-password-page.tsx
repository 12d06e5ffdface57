import { useMemo, useState } from 'react';
import { useForm } from '../forms/use-form.ts';
import { RequestPasswordResetDocument } from '../generated/graphql.ts';
import { createAnonymousClient } from '../graphql/client.ts';
import { Link } from '../navigation/link.tsx';
import { EmailField } from './email-field.tsx';
import { Entrance } from './entrance.tsx';
import { EntranceForm } from './entrance-form.tsx';

const title = 'Forgotten password';

/** Asks for a link by e-mail. The answer is the same whether there is such an account. */
export function ForgotPasswordPage() {
  const client = useMemo(createAnonymousClient, []);
  const [sentTo, setSentTo] = useState<string | null>(null);
  const form = useForm(async (values) => {
    const email = String(values.get('email')).trim();
    await client.mutate({ mutation: RequestPasswordResetDocument, variables: { input: { email } } });
    setSentTo(email);
  });
  return (
    <Entrance title={title} other={<Link href="/sign-in">Back to sign in</Link>}>
      {sentTo === null ? (
        <>
          <p>Enter the address that you sign in with. You will be sent a link to choose a new password.</p>
          <EntranceForm form={form} label={title} submit="Send the link" fields={['email']}>
            <EmailField problem={form.problem?.fields.email} />
          </EntranceForm>
          {form.problem?.code === 'RATE_LIMITED' && (
            <p>
              A link that was sent within the last 30 minutes still works. Look for it in your mailbox, and in your spam
              folder.
            </p>
          )}
        </>
      ) : (
        <p role="status">
          If there is an account with the address {sentTo}, a link is on its way to it. It works for 30 minutes. If it
          does not arrive, look in your spam folder, or check the address.
        </p>
      )}
    </Entrance>
  );
}
