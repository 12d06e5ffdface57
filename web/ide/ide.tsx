import { explorerPlugin } from '@graphiql/plugin-explorer';
import { useGraphiQL } from '@graphiql/react';
import { GraphiQL, HISTORY_PLUGIN } from 'graphiql';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { examples } from './examples.ts';
import { createFetcher } from './fetcher.ts';
import type { Session } from './session.ts';
import { safeStorage } from './storage.ts';

const plugins = [explorerPlugin(), HISTORY_PLUGIN];

// The GraphiQL of another project may have used this port before; its tabs must not appear here.
const prefixed = (name: string): string => `todoql:${name}`;
// The documentation's share of the width until the user drags its edge; GraphiQL's default is a third.
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

/** GraphiQL for the URL of this page, with sample operations. */
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
        <strong>{document.title}</strong>
      </GraphiQL.Logo>
      <GraphiQL.Footer>
        <SessionHint session={session} />
      </GraphiQL.Footer>
      <TokenInHeaders session={session} />
    </GraphiQL>
  );
}

/** Only a local server allows the origin of Apollo Sandbox by default. */
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

/** Each tab has its own headers: the token is filled in when it arrives, and when another tab becomes active. */
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
