import { ApolloLink } from '@apollo/client';
import { tap } from 'rxjs';

// One for both directions: it hears all others of its name, and not itself.
const channel = openChannel();

/** What ends the session is told by its record, which goes: asked now, the server would refuse. */
const endings: readonly (string | undefined)[] = ['LogOut', 'LogOutEverywhere', 'DeleteAccount'];

/** Lets the other tabs of this browser know that something was changed. What it was they ask the server. */
export function tellOtherTabs(): ApolloLink {
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
