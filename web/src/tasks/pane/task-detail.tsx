import { useQuery } from '@apollo/client/react';
import { useRef } from 'react';
import { dayIn, longDay } from '../../dates/days.ts';
import { useDays } from '../../dates/viewer-days.tsx';
import { CloseIcon, SubtaskIcon, TrashIcon } from '../../design/icons.tsx';
import { TaskDetailDocument, type TaskDetailQuery } from '../../generated/graphql.ts';
import { ProblemNotice } from '../../messages/problem-notice.tsx';
import { taskHref, type View } from '../../navigation/address.ts';
import { Link } from '../../navigation/link.tsx';
import { useTaskActions } from '../actions/use-task-actions.ts';
import { DueField } from '../properties/due-field.tsx';
import { LabelField } from '../properties/label-field.tsx';
import { ListField } from '../properties/list-field.tsx';
import { PriorityField } from '../properties/priority-field.tsx';
import { isTrashed } from '../task.ts';
import { TrashButtons } from '../trash/trash-buttons.tsx';
import { DescriptionField } from './description-field.tsx';
import { Subtasks } from './subtasks.tsx';
import { TitleField } from './title-field.tsx';

export type DetailedTask = NonNullable<TaskDetailQuery['task']>;

interface TaskDetailProps {
  id: string;
  view: View;
  onClose: () => void;
}

/** The details of a task, each editable in place. */
export default function TaskDetail({ id, view, onClose }: TaskDetailProps) {
  const { data, dataState, error, loading, refetch, fetchMore } = useQuery(TaskDetailDocument, { variables: { id } });
  // While the task loads, an optimistic change may provide only the fields of its row, which are not enough.
  const whole = useRef<typeof data>(undefined);
  if (dataState === 'complete') whole.current = data;
  const task = whole.current?.task;
  const loadSubtasks = (subtasksAfter: string) => fetchMore({ variables: { id, subtasksAfter } });
  return (
    <div className="detail">
      <header className="detail-head">
        {task?.parent ? (
          <Link className="detail-parent" href={taskHref(view, task.parent.id)}>
            <SubtaskIcon /> <span>{task.parent.title}</span>
          </Link>
        ) : (
          <span />
        )}
        <button type="button" className="icon-button" aria-label="Close the task" onClick={onClose}>
          <CloseIcon />
        </button>
      </header>
      {task && <TaskFields task={task} view={view} onClose={onClose} loadSubtasks={loadSubtasks} />}
      {!task && error && <ProblemNotice error={error} onRetry={() => refetch()} />}
      {!task && !error && !loading && (
        <p className="quiet">This task no longer exists. It may have been deleted on another device.</p>
      )}
    </div>
  );
}

interface TaskFieldsProps extends Omit<TaskDetailProps, 'id'> {
  task: DetailedTask;
  loadSubtasks: (after: string) => Promise<unknown>;
}

function TaskFields({ task, view, onClose, loadSubtasks }: TaskFieldsProps) {
  const actions = useTaskActions();
  const { timeZone } = useDays();
  const remove = () => {
    void actions.delete([task]);
    onClose();
  };
  return (
    <>
      {isTrashed(task) && (
        <div className="detail-trashed">
          <p>This task is in the trash.</p>
          <TrashButtons task={task} />
        </div>
      )}
      <TitleField task={task} />
      <div className="properties">
        <DueField task={task} />
        <PriorityField task={task} />
        <ListField task={task} />
        <LabelField task={task} />
      </div>
      <DescriptionField task={task} />
      <Subtasks task={task} view={view} onLoad={loadSubtasks} />
      <footer className="detail-end">
        <span>Added on {longDay(dayIn(timeZone, new Date(task.createdAt)))}</span>
        {!isTrashed(task) && (
          <button type="button" className="icon-button" aria-label="Delete the task" onClick={remove}>
            <TrashIcon />
          </button>
        )}
      </footer>
    </>
  );
}
