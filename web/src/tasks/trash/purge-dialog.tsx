import { Dialog } from '../../controls/dialog.tsx';

interface PurgeDialogProps {
  title: string;
  onPurge: () => void;
  onClose: () => void;
}

/** Asks before a task is deleted for good. */
export default function PurgeDialog({ title, onPurge, onClose }: PurgeDialogProps) {
  return (
    <Dialog title="Delete for good?" onClose={onClose}>
      <p>“{title}” and its subtasks will be gone. This cannot be undone.</p>
      <div className="form-end">
        <button type="button" className="button" onClick={onClose}>
          Keep it
        </button>
        <button type="button" className="button button-alarm" onClick={onPurge}>
          Delete for good
        </button>
      </div>
    </Dialog>
  );
}
