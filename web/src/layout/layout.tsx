import { lazy, Suspense, useCallback, useEffect, useState } from 'react';
import { ViewerDaysProvider } from '../dates/viewer-days.tsx';
import { useMediaQuery } from '../design/use-media-query.ts';
import { useShortcuts, useUndoKey } from '../keyboard/shortcuts.ts';
import { useFreshData } from '../live/use-fresh-data.ts';
import { ProblemNotice } from '../messages/problem-notice.tsx';
import type { View } from '../navigation/address.ts';
import { TaskPane } from '../tasks/pane/task-pane.tsx';
import { TaskView } from '../tasks/view/task-view.tsx';
import { useViewerQuery, ViewerContext } from '../viewer/viewer.tsx';
import { Drawer } from './drawer.tsx';
import { BrowserNotices, ConnectionNotice } from './notices.tsx';
import { type Addable, Sidebar } from './sidebar.tsx';
import { TopBar } from './top-bar.tsx';
import { UnverifiedNotice } from './unverified-notice.tsx';
import { usePreload } from './use-preload.ts';

const Settings = lazy(() => import('../account/settings.tsx'));
const ListDialog = lazy(() => import('../lists/list-dialog.tsx'));
const LabelDialog = lazy(() => import('../labels/label-dialog.tsx'));
const ShortcutsDialog = lazy(() => import('../keyboard/shortcuts-dialog.tsx'));

/** Below this, the sidebar is a drawer. */
const narrow = '(width < 45rem)';

/** The page of a signed-in user: sidebar, a view, and the details of a task next to it or over it. */
export function Layout({ view, taskId }: { view: View; taskId: string | null }) {
  const { viewer, error, refetch } = useViewerQuery();
  const isNarrow = useMediaQuery(narrow);
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  const [showsShortcuts, setShowsShortcuts] = useState(false);
  // Not in the sidebar, which is replaced when a phone is rotated: typed text would be lost.
  const [added, setAdded] = useState<Addable | null>(null);
  // Close the menu after every navigation.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the view is what it waits for
  useEffect(() => setIsDrawerOpen(false), [view]);
  const add = (what: Addable) => {
    setAdded(what);
    setIsDrawerOpen(false);
  };
  const isLost = useFreshData();
  usePreload();
  useUndoKey();
  useShortcuts(useCallback(() => setShowsShortcuts(true), []));
  if (!viewer)
    return error ? <ProblemNotice error={error} onRetry={() => refetch()} /> : <div className="layout" aria-busy />;
  const sidebar = <Sidebar view={view} onAdd={add} />;
  return (
    <ViewerContext value={viewer}>
      <ViewerDaysProvider timeZone={viewer.me.timeZone}>
        <a className="skip-link" href="#main">
          Skip to the tasks
        </a>
        <ConnectionNotice isLost={isLost} />
        <div className="layout" data-has-task={taskId !== null || undefined}>
          {isNarrow ? (
            <>
              <TopBar onOpenMenu={() => setIsDrawerOpen(true)} />
              <Drawer isOpen={isDrawerOpen} onClose={() => setIsDrawerOpen(false)}>
                {sidebar}
              </Drawer>
            </>
          ) : (
            <div className="sidebar-column">{sidebar}</div>
          )}
          <main className="main" id="main" tabIndex={-1}>
            <BrowserNotices />
            <UnverifiedNotice />
            <Suspense fallback={null}>
              {view.kind === 'settings' ? <Settings /> : <TaskView view={view} taskId={taskId} />}
            </Suspense>
          </main>
          <TaskPane view={view} taskId={taskId} />
          <Suspense fallback={null}>
            {added === 'list' && <ListDialog list={null} onClose={() => setAdded(null)} />}
            {added === 'label' && <LabelDialog label={null} onClose={() => setAdded(null)} />}
            {showsShortcuts && <ShortcutsDialog onClose={() => setShowsShortcuts(false)} />}
          </Suspense>
        </div>
      </ViewerDaysProvider>
    </ViewerContext>
  );
}
