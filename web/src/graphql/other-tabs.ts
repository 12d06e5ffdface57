import { ApolloLink } from '@apollo/client';
import { tap } from 'rxjs';

// One for both directions: it hears all others of its name, and not itself.
const channel = openChannel();

/** Other tabs see the end of the session by its stored record; to a query the server would answer with a refusal. */
const endings: readonly (string | undefined)[] = ['LogOut', 'LogOutEverywhere', 'DeleteAccount'];

/** Notifies the other tabs of this browser of each change. They ask the server what it was. */
export function notifyOtherTabs(): ApolloLink {
  return new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap(({ data }) => {
        const isChange = operation.operationType === 'mutation' && !endings.includes(operation.operationName);
        if (isChange && data) channel?.postMessage(null);
      }),
    ),
  );
}

/** @returns what ends it */
export function onChangeInOtherTab(listener: () => void): () => void {
  channel?.addEventListener('message', listener);
  return () => channel?.removeEventListener('message', listener);
}

/** null where the browser keeps its tabs apart. */
function openChannel(): BroadcastChannel | null {
  try {
    return new BroadcastChannel('todoql:changes');
  } catch {
    return null;
  }
}
