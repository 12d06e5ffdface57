import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { SendVerificationEmailDocument } from '../generated/graphql.ts';
import { useToasts } from '../messages/toast-stack.tsx';
import { useViewer } from '../viewer/viewer.tsx';

/** Asks the user to confirm the e-mail address, so that a mistyped one is noticed before a password is forgotten. */
export function UnverifiedNotice() {
  const { me, mailEnabled } = useViewer();
  const client = useApolloClient();
  const toasts = useToasts();
  const [isSending, setIsSending] = useState(false);
  if (me.emailVerified || !mailEnabled) return null;
  const send = async () => {
    if (isSending) return;
    setIsSending(true);
    try {
      await client.mutate({ mutation: SendVerificationEmailDocument });
      toasts.show(`A link is on its way to ${me.email}.`);
    } catch (error) {
      toasts.showProblem(error);
    } finally {
      setIsSending(false);
    }
  };
  return (
    <p className="notice">
      Confirm your e-mail address: open the link that was sent to {me.email}.{' '}
      <button type="button" className="text-button" aria-disabled={isSending} onClick={send}>
        Send it again
      </button>
    </p>
  );
}
