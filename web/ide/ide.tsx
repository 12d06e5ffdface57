import { explorerPlugin } from '@graphiql/plugin-explorer';
import { useGraphiQL } from '@graphiql/react';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { examples } from './examples.ts';
import { createFetcher } from './fetcher.ts';
import type { Session } from './session.ts';
import { safeStorage } from './storage.ts';

const plugins = [explorerPlugin(), HISTORY_PLUGIN];

// Other projects' GraphiQL may have been at this port before: its tabs are not ours.
const prefixed = (name: string): string => `todoql:${name}`;
// The documentation's share of the width, until the user drags its edge: GraphiQL would take a third.
const initially: Readonly<Record<string, string>> = { 'graphiql:docExplorerFlex': '0.22' };
const kept = safeStorage(() => localStorage);
const storage = {
  getItem: (name: string) => kept.getItem(prefixed(name)) ?? initially[name] ?? null,
  setItem: (name: string, value: string) => kept.setItem(prefixed(name), value),
  removeItem: (name: string) => kept.removeItem(prefixed(name)),
  clear: () => kept.clear(),
  get length() {
    return kept.length;
  },
};

/** GraphiQL on the address of this page, with operations to start from. */
export function Ide({ session, taskId }: { session: Session; taskId: string }) {
  const [fetcher] = useState(() => createFetcher(session));
  const [tabs] = useState(() => examples(taskId));
  // GraphiQL takes the first tab's query from its tabs, but not its variables.
  const [firstVariables] = useState(() =>
    storage.getItem('graphiql:tabState') === null ? tabs[0]?.variables : undefined,
  );
  return (
    <GraphiQL
      fetcher={fetcher}
      storage={storage}
      plugins={plugins}
      defaultTabs={tabs}
      {...(firstVariables ? { initialVariables: firstVariables } : {})}
      defaultEditorToolsVisibility="variables"
      visiblePlugin="Documentation Explorer"
      inputValueDeprecation
      schemaDescription
    >
      <GraphiQL.Logo>
        <SandboxLink />
        <strong>todoql</strong>
      </GraphiQL.Logo>
      <GraphiQL.Footer>
        <SessionHint session={session} />
      </GraphiQL.Footer>
      <TokenInHeaders session={session} />
    </GraphiQL>
  );
}

/** Only this machine's server lets Apollo's page in without being told to. */
function SandboxLink() {
  if (!['localhost', '127.0.0.1', '[::1]'].includes(location.hostname)) return null;
  const endpoint = encodeURIComponent(location.origin + location.pathname);
  return (
    <a href={`https://studio.apollographql.com/sandbox/explorer?endpoint=${endpoint}`} target="_blank" rel="noreferrer">
      Open in Apollo Sandbox
    </a>
  );
}

function SessionHint({ session }: { session: Session }) {
  const signedIn = useSyncExternalStore(session.subscribe, session.get);
  return (
    <output className="session-hint" data-signed-in={signedIn !== null}>
      {signedIn
        ? `Signed in${signedIn.email ? ` as ${signedIn.email}` : ''}. The token is in the Headers.`
        : 'Not signed in. SignUp and LogIn fill the token in.'}
    </output>
  );
}

/** Every tab has headers of its own: the token is filled in as it arrives, and as another tab comes to the front. */
function TokenInHeaders({ session }: { session: Session }) {
  const signedIn = useSyncExternalStore(session.subscribe, session.get);
  const { headerEditor, tabId } = useGraphiQL(({ headerEditor, tabs, activeTabIndex }) => ({
    headerEditor,
    tabId: tabs[activeTabIndex]?.id,
  }));
  // biome-ignore lint/correctness/useExhaustiveDependencies: the tab and the session are what changes the text
  useEffect(() => {
    const text = headerEditor?.getValue() ?? '';
    const filled = session.fillIn(text);
    if (filled !== text) headerEditor?.setValue(filled);
  }, [session, signedIn, headerEditor, tabId]);
  return null;
}
