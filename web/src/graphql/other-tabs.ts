import { ApolloLink } from '@apollo/client';
import { tap } from 'rxjs';

// One channel for both directions: a channel does not receive its own messages.
const channel = openChannel();

/** Not reported: other tabs notice by the stored record that the session has ended, and their queries would fail. */
const endings: readonly (string | undefined)[] = ['LogOut', 'LogOutEverywhere', 'DeleteAccount'];

/** Notifies the other tabs of this browser of each change; they then reload from the server. */
export function notifyOtherTabs(): ApolloLink {
  return new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap(({ data }) => {
        const isChange = operation.operationType === 'mutation' && !endings.includes(operation.operationName);
        if (isChange && data) notifyTabs();
      }),
    ),
  );
}

/** For a change that was made without a session. */
export function notifyTabs(): void {
  channel?.postMessage(null);
}

/** @returns a function that unsubscribes */
export function onChangeInOtherTab(listener: () => void): () => void {
  channel?.addEventListener('message', listener);
  return () => channel?.removeEventListener('message', listener);
}

/** null if the browser has no such channels. */
function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel('todoql:changes');
  } catch {
    return null;
  }
}
