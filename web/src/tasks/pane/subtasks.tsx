import { useApolloClient } from '@apollo/client/react';
import { useMemo } from 'react';
import { LoadMore } from '../../controls/load-more.tsx';
import { nextCursor } from '../../graphql/pages.ts';
import type { View } from '../../navigation/address.ts';
import { QuickAdd } from '../list/quick-add.tsx';
import { TaskList } from '../list/task-list.tsx';
import { loadAllSubtasks } from '../queries/load-all.ts';
import BulkBar from '../selection/bulk-bar.tsx';
import { useSelection } from '../selection/use-selection.ts';
import { isTrashed } from '../task.ts';
import type { DetailedTask } from './task-detail.tsx';

interface SubtasksProps {
  task: DetailedTask;
  view: View;
  /** Loads the subtasks after this cursor. */
  onLoad: (after: string) => Promise<unknown>;
}

/** The subtasks of a task. Each can be opened, and have subtasks itself. */
export function Subtasks({ task, view, onLoad }: SubtasksProps) {
  const subtasks = useMemo(() => task.subtasks.edges.map(({ node }) => node), [task.subtasks.edges]);
  const groups = useMemo(() => [{ heading: null, tasks: subtasks }], [subtasks]);
  const client = useApolloClient();
  const done = subtasks.filter(({ completed }) => completed).length;
  const after = nextCursor(task.subtasks);
  const selection = useSelection(subtasks, after === null ? null : () => loadAllSubtasks(client, task.id));
  const parent = { __typename: 'Task' as const, id: task.id, title: task.title, deletedAt: task.deletedAt };
  return (
    <section className="subtasks" aria-labelledby="subtasks-heading">
      <h2 id="subtasks-heading" className="field-label">
        Subtasks
        {subtasks.length > 0 && (
          <span className="quiet"> {after ? task.subtaskCount.totalCount : `${done} of ${subtasks.length}`}</span>
        )}
      </h2>
      <TaskList view={view} groups={groups} openId={null} selection={selection} canReorder isUnderParent />
      {after && <LoadMore onLoad={() => onLoad(after)} />}
      {selection.isActive && <BulkBar kind="open" selection={selection} />}
      {!isTrashed(task) && (
        <QuickAdd placeholder="Add a subtask" defaults={{ due: null, list: task.list, labels: [], parent }} />
      )}
    </section>
  );
}
