import { Dialog } from '../../controls/dialog.tsx';
import { InboxIcon } from '../../design/icons.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { useViewer } from '../../viewer/viewer.tsx';
import { useTaskActions } from '../actions/use-task-actions.ts';

interface MoveDialogProps {
  tasks: readonly TaskRowFragment[];
  onMoved: () => void;
  onClose: () => void;
}

/** Asks for the list to move tasks to. */
export function MoveDialog({ tasks, onMoved, onClose }: MoveDialogProps) {
  const { lists } = useViewer();
  const { moveToList } = useTaskActions();
  const move = (list: TaskRowFragment['list']) => () => {
    void moveToList(tasks, list);
    onClose();
    onMoved();
  };
  return (
    <Dialog title="Move to" onClose={onClose}>
      <ul className="choices">
        <li>
          <button type="button" className="choice" onClick={move(null)}>
            <InboxIcon /> Inbox
          </button>
        </li>
        {lists.map((list) => (
          <li key={list.id}>
            <button type="button" className="choice" onClick={move(list)}>
              <span className="dot" style={list.color ? { backgroundColor: list.color } : undefined} /> {list.name}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
