import { useApolloClient } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { onChangeInOtherTab } from '../graphql/other-tabs.ts';
import { useSession } from '../session/session-context.tsx';
import { FreshData } from './fresh-data.ts';
import type { LiveReport } from './live-connection.ts';

/** Milliseconds after which a lost connection is shown: a restart of the server does not take as long. */
const patience = 2_000;

/** Milliseconds until the code of the connection is loaded again. */
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
    const data = new FreshData(() => client.refetchQueries({ include: 'active' }));
    let lost: ReturnType<typeof setTimeout> | undefined;
    const report = (news: LiveReport) => {
      data.add(news.changes);
      if (news.isLost) lost ??= setTimeout(() => setIsLost(true), patience);
      else {
        clearTimeout(lost);
        lost = undefined;
        setIsLost(false);
      }
    };
    const follow = async () => {
      if (signal.aborted) return;
      try {
        const { followChanges } = await import('./live-tab.ts');
        if (!signal.aborted) followChanges(session, report, signal);
      } catch {
        report({ changes: [], isLost: true });
        setTimeout(follow, retryInterval);
      }
    };
    void follow();
    const unfollow = onChangeInOtherTab((changes) => data.add(changes));
    document.addEventListener('visibilitychange', data.resume, { signal });
    addEventListener('online', () => data.add([null]), { signal });
    return () => {
      stopping.abort();
      unfollow();
      data.stop();
      clearTimeout(lost);
    };
  }, [client, session]);
  return isLost;
}
