import type { View } from '../navigation/address.ts';
import type { TaskGroup } from './grouping.ts';
import { TaskItem } from './task-item.tsx';

interface TaskListProps {
  view: View;
  groups: readonly TaskGroup[];
  /** The task that the detail pane shows. */
  openId: string | null;
}

export function TaskList({ view, groups, openId }: TaskListProps) {
  return (
    <div className="task-groups">
      {groups.map(({ heading, tasks }) => (
        <section key={heading} aria-label={heading ?? 'Tasks'}>
          {heading && <h2 className="group-heading">{heading}</h2>}
          <ul className="tasks">
            {tasks.map((task) => (
              <TaskItem key={task.id} task={task} view={view} isOpen={task.id === openId} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
