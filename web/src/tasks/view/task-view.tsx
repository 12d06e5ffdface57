import { useApolloClient } from '@apollo/client/react';
import { lazy, Suspense, useEffect, useMemo, useRef } from 'react';
import { LoadMore } from '../../controls/load-more.tsx';
import { useDays } from '../../dates/viewer-days.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { ProblemNotice } from '../../messages/problem-notice.tsx';
import { type View, viewHref } from '../../navigation/address.ts';
import { useDocumentTitle } from '../../navigation/use-document-title.ts';
import { QuickAdd } from '../list/quick-add.tsx';
import { groupTasks } from '../list/task-groups.ts';
import { TaskList } from '../list/task-list.tsx';
import { useCompletedCount, useTasks } from '../queries/use-tasks.ts';
import { viewQuery } from '../queries/view-query.ts';
import { useSelection } from '../selection/use-selection.ts';
import { isTrashed } from '../task.ts';
import { EmptyView } from './empty-view.tsx';
import { quickAddDefaults } from './quick-add-defaults.ts';
import { SearchBox } from './search-box.tsx';
import { useLingeringTasks } from './use-lingering-tasks.ts';
import { useSubject } from './use-subject.ts';
import { ViewActions } from './view-actions.tsx';
import { allDone, viewText } from './view-text.ts';

const BulkBar = lazy(() => import('../selection/bulk-bar.tsx'));
const CompletedTasks = lazy(() => import('./completed-tasks.tsx'));
const TrashedLists = lazy(() => import('../../lists/trashed-lists.tsx'));

/** A view: its heading, quick add and its tasks. */
export function TaskView({ view, taskId }: { view: View; taskId: string | null }) {
  const subject = useSubject(view);
  const days = useDays();
  const { today } = days;
  const client = useApolloClient();
  const query = useMemo(() => viewQuery(view, today), [view, today]);
  const { isLoading, error, hasMore, loadMore, retry, ...found } = useTasks(query);
  const own = useMemo(() => found.tasks.filter((task) => isShown(view, task)), [view, found.tasks]);
  const tasks = useLingeringTasks(own, viewHref(view));
  const groups = useMemo(() => groupTasks(view, tasks, days), [view, tasks, days]);
  const loadAll = async () => {
    const { loadAllTasks } = await import('../queries/load-all.ts');
    return query ? (await loadAllTasks(client, query)).filter((task) => isShown(view, task)) : [];
  };
  const selection = useSelection(tasks, hasMore ? loadAll : null);
  const completed = useCompletedCount(view);
  const words = viewText(view, subject, days);
  const defaults = quickAddDefaults(view, subject, days);
  useDocumentTitle(words.title);
  const heading = useFocusOnChange(view.kind === 'search' ? '/search' : viewHref(view));
  const isEmpty = !error && !isLoading && !hasMore && tasks.length === 0;
  return (
    <div className="view" data-view={view.kind}>
      <header className="view-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {words.title}
          </h1>
          {words.subtitle && <p className="view-subtitle">{words.subtitle}</p>}
        </div>
        <ViewActions
          subject={subject}
          selection={selection}
          canSelect={tasks.length > 0}
          isTrash={view.kind === 'trash'}
        />
      </header>
      {view.kind === 'search' && <SearchBox text={view.text} />}
      {defaults && <QuickAdd defaults={defaults} isFirst={view.kind === 'inbox' && isEmpty && completed === 0} />}
      {error ? <ProblemNotice error={error} onRetry={retry} /> : null}
      <Suspense fallback={null}>{view.kind === 'trash' && <TrashedLists />}</Suspense>
      <TaskList view={view} groups={groups} openId={taskId} selection={selection} />
      {isEmpty && completed !== null && (
        <EmptyView isDone={completed > 0 || view.kind === 'today'} words={completed > 0 ? allDone : words.empty} />
      )}
      {hasMore && <LoadMore onLoad={loadMore} />}
      <Suspense fallback={null}>
        {completed !== null && completed > 0 && (
          <CompletedTasks key={viewHref(view)} view={view} taskId={taskId} count={completed} />
        )}
        {selection.isActive && <BulkBar kind={bulkKind(view)} selection={selection} />}
      </Suspense>
    </div>
  );
}

/** Subtasks that were deleted with their parent are restored with it. */
const isShown = (view: View, { parent, list }: TaskRowFragment): boolean =>
  view.kind !== 'trash' || parent === null || !isTrashed({ deletedAt: parent.deletedAt, list });

function bulkKind({ kind }: View): 'open' | 'done' | 'trash' {
  return kind === 'done' || kind === 'trash' ? kind : 'open';
}

/** Focuses the heading of a new view, so that screen readers announce it. Not for the first one: they announce the page. */
function useFocusOnChange(href: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(href);
  useEffect(() => {
    if (shown.current !== href) heading.current?.focus({ preventScroll: true });
    shown.current = href;
  }, [href]);
  return heading;
}
