import { useApolloClient } from '@apollo/client/react';
import { useEffect, useRef } from 'react';

/** Milliseconds for which what is shown counts as fresh. */
const freshness = 30_000;

/** Asks for what is shown again when one comes back to the page, or when the network does. Nothing is polled. */
export function useFreshness(): void {
  const client = useApolloClient();
  const askedAt = useRef(Date.now());
  useEffect(() => {
    const refresh = (isDue: boolean) => {
      if (!isDue || document.visibilityState !== 'visible') return;
      askedAt.current = Date.now();
      // What fails is told by the views whose query it is.
      void client.refetchQueries({ include: 'active' }).catch(() => undefined);
    };
    const onReturn = () => refresh(Date.now() - askedAt.current > freshness);
    const onOnline = () => refresh(true);
    document.addEventListener('visibilitychange', onReturn);
    addEventListener('online', onOnline);
    return () => {
      document.removeEventListener('visibilitychange', onReturn);
      removeEventListener('online', onOnline);
    };
  }, [client]);
}
