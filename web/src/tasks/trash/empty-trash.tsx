import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { Dialog } from '../../controls/dialog.tsx';
import { TrashIcon } from '../../design/icons.tsx';
import { ListsDocument } from '../../generated/graphql.ts';
import { useTaskActions } from '../actions/use-task-actions.ts';

/** The button that empties the trash, if something is there. Asks before it does. */
export default function EmptyTrash({ hasTasks }: { hasTasks: boolean }) {
  const { emptyTrash } = useTaskActions();
  const [isAsking, setIsAsking] = useState(false);
  const { data } = useQuery(ListsDocument, { variables: { filter: { trash: 'ONLY' } } });
  const close = () => setIsAsking(false);
  const hasLists = (data?.lists?.edges ?? []).length > 0;
  if (!hasTasks && !hasLists) return null;
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label="Empty trash"
        title="Empty trash"
        aria-haspopup="dialog"
        onClick={() => setIsAsking(true)}
      >
        <TrashIcon />
      </button>
      {isAsking && (
        <Dialog title="Empty the trash?" onClose={close}>
          <p>All tasks and lists in the trash will be deleted. This cannot be undone.</p>
          <div className="form-end">
            <button type="button" className="button" onClick={close}>
              Cancel
            </button>
            <button
              type="button"
              className="button button-alarm"
              onClick={() => {
                close();
                emptyTrash();
              }}
            >
              Delete permanently
            </button>
          </div>
        </Dialog>
      )}
    </>
  );
}
