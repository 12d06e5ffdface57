import { useEffect, useRef } from 'react';
import { useDays } from '../days/viewer-days.tsx';
import { useFrame } from '../layout/frame-data.tsx';
import { ProblemNotice } from '../layout/problem-notice.tsx';
import type { View } from '../navigation/address.ts';
import { viewHref } from '../navigation/address.ts';
import { useDocumentTitle } from '../navigation/document-title.ts';
import { EmptyView } from './empty-view.tsx';
import { groupTasks } from './grouping.ts';
import { LoadMore } from './load-more.tsx';
import { QuickAdd } from './quick-add.tsx';
import { SearchBox } from './search-box.tsx';
import { TaskList } from './task-list.tsx';
import { useViewTasks } from './use-view-tasks.ts';
import { quickAddDefaults, viewWords } from './view-words.ts';

export function TaskView({ view, taskId }: { view: View; taskId: string | null }) {
  const frame = useFrame();
  const days = useDays();
  const { tasks, isLoading, error, hasMore, loadMore, retry } = useViewTasks(view);
  const words = viewWords(view, frame, days);
  const defaults = quickAddDefaults(view, frame, days);
  useDocumentTitle(words.title);
  const heading = useFocusOnChange(view.kind === 'search' ? '/search' : viewHref(view));
  return (
    <div className="view" data-view={view.kind}>
      <header className="view-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {words.title}
          </h1>
          {words.subtitle && <p className="view-subtitle">{words.subtitle}</p>}
        </div>
      </header>
      {view.kind === 'search' && <SearchBox text={view.text} />}
      {defaults && <QuickAdd defaults={defaults} />}
      {error ? <ProblemNotice error={error} onRetry={retry} /> : null}
      <TaskList view={view} groups={groupTasks(view, tasks, days)} openId={taskId} />
      {!error && !isLoading && tasks.length === 0 && <EmptyView kind={view.kind} words={words.empty} />}
      {hasMore && <LoadMore onLoad={loadMore} />}
    </div>
  );
}

/** A new view is told to screen readers by its heading. The first one is not: the page itself is told. */
function useFocusOnChange(href: string) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(href);
  useEffect(() => {
    if (shown.current !== href) heading.current?.focus({ preventScroll: true });
    shown.current = href;
  }, [href]);
  return heading;
}
