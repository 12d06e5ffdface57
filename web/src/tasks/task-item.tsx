import type { TaskRowFragment } from '../generated/graphql.ts';
import { taskHref, type View } from '../navigation/address.ts';
import { Link } from '../navigation/link.tsx';
import { TaskMeta } from './task-meta.tsx';
import { useTaskActions } from './use-task-actions.ts';

export function TaskItem({ task, view, isOpen }: { task: TaskRowFragment; view: View; isOpen: boolean }) {
  const { complete, reopen } = useTaskActions();
  const toggle = () => (task.completed ? reopen([task]) : complete([task]));
  return (
    <li className="task" data-task={task.id} data-done={task.completed || undefined} data-open={isOpen || undefined}>
      <label className="check" data-priority={task.priority}>
        <input type="checkbox" checked={task.completed} onChange={toggle} aria-label={`Done: ${task.title}`} />
      </label>
      <Link className="task-link" href={taskHref(view, task.id)} aria-current={isOpen || undefined}>
        <span className="task-title">{task.title}</span>
        <TaskMeta task={task} view={view} />
      </Link>
    </li>
  );
}
