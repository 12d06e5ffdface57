import { useApolloClient } from '@apollo/client/react';
import { useEffect } from 'react';
import { onChangeInOtherTab } from './other-tabs.ts';

/** Milliseconds until loaded data counts as outdated. */
const freshness = 30_000;

/**
 * Reloads the active queries when another tab has changed something, when the user returns to the page after a while, and when
 * the network comes back. A hidden page waits until it is visible. Does not poll.
 */
export function useFreshData(): void {
  const client = useApolloClient();
  useEffect(() => {
    let askedAt = Date.now();
    let isOutdated = false;
    let isAsking = false;
    const refresh = async () => {
      // Changes during a reload lead to one more reload.
      while (isOutdated && !isAsking && document.visibilityState === 'visible') {
        isOutdated = false;
        isAsking = true;
        askedAt = Date.now();
        // Views show the errors of their own queries.
        await client.refetchQueries({ include: 'active' }).catch(() => undefined);
        isAsking = false;
      }
    };
    const onChange = () => {
      isOutdated = true;
      void refresh();
    };
    const onReturn = () => {
      isOutdated ||= Date.now() - askedAt > freshness;
      void refresh();
    };
    const unfollow = onChangeInOtherTab(onChange);
    document.addEventListener('visibilitychange', onReturn);
    addEventListener('online', onChange);
    return () => {
      unfollow();
      document.removeEventListener('visibilitychange', onReturn);
      removeEventListener('online', onChange);
    };
  }, [client]);
}
