import { useMemo, useState } from 'react';
import { useForm } from '../forms/use-form.ts';
import { ConfirmEmailChangeDocument, VerifyEmailDocument } from '../generated/graphql.ts';
import { createAnonymousClient } from '../graphql/client.ts';
import { notifyTabs } from '../graphql/other-tabs.ts';
import { Link } from '../navigation/link.tsx';
import { Entrance } from '../sign-in/entrance.tsx';
import { EntranceForm } from '../sign-in/entrance-form.tsx';
import { IncompleteLink } from './incomplete-link.tsx';
import { useLinkToken } from './link-token.ts';

/** What the two links to an address of one's own do. */
const purposes = {
  'verify-email': {
    title: 'Confirm your e-mail address',
    mutation: VerifyEmailDocument,
    done: 'Your e-mail address is confirmed.',
  },
  'confirm-email': {
    title: 'Change your e-mail address',
    mutation: ConfirmEmailChangeDocument,
    done: 'Your e-mail address has been changed. Sign in with the new one from now on.',
  },
};

/** Uses the link when a button is pressed, because programs that look for harmful links open it, too. */
export function ConfirmAddressPage({ purpose }: { purpose: keyof typeof purposes }) {
  const client = useMemo(createAnonymousClient, []);
  const token = useLinkToken();
  const [isDone, setIsDone] = useState(false);
  const { title, mutation, done } = purposes[purpose];
  const form = useForm(async () => {
    await client.mutate({ mutation, variables: { input: { token: token ?? '' } } });
    notifyTabs();
    setIsDone(true);
  });
  if (token === null) return <IncompleteLink title={title} />;
  return (
    <Entrance title={title} other={<Link href="/">To your tasks</Link>}>
      {isDone ? <p role="status">{done}</p> : <EntranceForm form={form} label={title} submit="Confirm" fields={[]} />}
    </Entrance>
  );
}
