import { useApolloClient } from '@apollo/client/react';
import { useId, useMemo, useState } from 'react';
import { LoadMore } from '../../controls/load-more.tsx';
import { ChevronIcon } from '../../design/icons.tsx';
import { ProblemNotice } from '../../messages/problem-notice.tsx';
import type { View } from '../../navigation/address.ts';
import { TaskList } from '../list/task-list.tsx';
import { loadAllTasks } from '../queries/load-all.ts';
import { useTasks } from '../queries/use-tasks.ts';
import { completedFilter } from '../queries/view-query.ts';
import BulkBar from '../selection/bulk-bar.tsx';
import { useSelection } from '../selection/use-selection.ts';

/** The completed tasks of the inbox or a list, shown on request. */
export default function CompletedTasks({ view, taskId, count }: { view: View; taskId: string | null; count: number }) {
  const [isShown, setIsShown] = useState(false);
  const id = useId();
  return (
    <div className="completed">
      <button
        type="button"
        className="disclosure"
        aria-expanded={isShown}
        aria-controls={id}
        onClick={() => setIsShown(!isShown)}
      >
        <ChevronIcon /> {count} completed
      </button>
      <div id={id}>{isShown && <CompletedList view={view} taskId={taskId} />}</div>
    </div>
  );
}

function CompletedList({ view, taskId }: { view: View; taskId: string | null }) {
  const query = useMemo(() => {
    const orderBy = { field: 'UPDATED_AT', direction: 'DESC' } as const;
    return { filter: completedFilter(view), orderBy };
  }, [view]);
  const client = useApolloClient();
  const { tasks, error, hasMore, loadMore, retry } = useTasks(query);
  const selection = useSelection(tasks, hasMore ? () => loadAllTasks(client, query) : null);
  const groups = useMemo(() => [{ heading: null, tasks }], [tasks]);
  if (error) return <ProblemNotice error={error} onRetry={retry} />;
  return (
    <>
      <TaskList view={view} groups={groups} openId={taskId} selection={selection} canReorder={false} />
      {hasMore && <LoadMore onLoad={loadMore} />}
      {selection.isActive && <BulkBar kind="done" selection={selection} />}
    </>
  );
}
