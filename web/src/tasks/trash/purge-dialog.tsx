import { Dialog } from '../../controls/dialog.tsx';

interface PurgeDialogProps {
  title: string;
  onPurge: () => void;
  onClose: () => void;
}

/** Asks before a task is permanently deleted. */
export default function PurgeDialog({ title, onPurge, onClose }: PurgeDialogProps) {
  return (
    <Dialog title="Delete permanently?" onClose={onClose}>
      <p>“{title}” and its subtasks will be deleted. This cannot be undone.</p>
      <div className="form-end">
        <button type="button" className="button" onClick={onClose}>
          Cancel
        </button>
        <button type="button" className="button button-alarm" onClick={onPurge}>
          Delete permanently
        </button>
      </div>
    </Dialog>
  );
}
