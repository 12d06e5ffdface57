import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { useSession } from '../session/session-context.tsx';

/** Milliseconds until the code is loaded again. */
const retryInterval = 10_000;

/**
 * Reloads the active queries when another device or another tab has changed something, and when the network comes back.
 * @returns whether changes on other devices do not arrive at the moment
 */
export function useFreshData(): boolean {
  const client = useApolloClient();
  const session = useSession();
  const [isLost, setIsLost] = useState(false);
  useEffect(() => {
    const stopping = new AbortController();
    const { signal } = stopping;
    const reload = () => client.refetchQueries({ include: 'active' });
    const start = async (): Promise<void> => {
      if (signal.aborted) return;
      try {
        const { keepFresh } = await import('./keep-fresh.ts');
        keepFresh({ session, reload, setIsLost, signal });
      } catch {
        setIsLost(true);
        setTimeout(start, retryInterval);
      }
    };
    void start();
    return () => stopping.abort();
  }, [client, session]);
  return isLost;
}
