import { useApolloClient } from '@apollo/client/react';
import { useEffect } from 'react';
import { onChangeInOtherTab } from './other-tabs.ts';

/** Milliseconds for which what is shown counts as fresh. */
const freshness = 30_000;

/**
 * Asks for what is shown again when another tab has changed something, when one comes back to the page after a while, and
 * when the network comes back; a hidden page waits until it is seen. Nothing is polled.
 */
export function useFreshData(): void {
  const client = useApolloClient();
  useEffect(() => {
    let askedAt = Date.now();
    let isOutdated = false;
    let isAsking = false;
    const refresh = async () => {
      // Changes that come while the answer is on its way are asked for together, after it.
      while (isOutdated && !isAsking && document.visibilityState === 'visible') {
        isOutdated = false;
        isAsking = true;
        askedAt = Date.now();
        // A query that fails is shown by the view that it belongs to.
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
