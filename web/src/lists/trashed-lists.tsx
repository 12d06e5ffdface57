import { useApolloClient, useQuery } from '@apollo/client/react';
import { LoadMore } from '../controls/load-more.tsx';
import { ListIcon, RestoreIcon } from '../design/icons.tsx';
import { ListsDocument } from '../generated/graphql.ts';
import { nextCursor } from '../graphql/pages.ts';
import { useToasts } from '../messages/toast-stack.tsx';
import { restoreList } from './list-actions.ts';

/** The lists in the trash. Restoring one restores the tasks that were deleted with it. */
export default function TrashedLists() {
  const toasts = useToasts();
  const client = useApolloClient();
  const { data, fetchMore } = useQuery(ListsDocument, { variables: { filter: { trash: 'ONLY' } } });
  const after = nextCursor(data?.lists);
  const lists = (data?.lists?.edges ?? []).map(({ node }) => node).filter(({ deletedAt }) => deletedAt !== null);
  if (lists.length === 0 && !after) return null;

  const restore = async (id: string, name: string) => {
    try {
      await restoreList(client, id);
      toasts.show(`Restored the list “${name}”.`);
    } catch (error) {
      toasts.showProblem(error);
    }
  };
  return (
    <section aria-labelledby="trashed-lists" className="trashed-lists">
      <div className="group-head">
        <h2 className="group-heading" id="trashed-lists">
          Lists
        </h2>
      </div>
      <ul>
        {lists.map(({ id, name }) => (
          <li key={id} className="trashed-list">
            <ListIcon />
            <span>{name}</span>
            <button
              type="button"
              className="icon-button"
              aria-label={`Restore the list: ${name}`}
              title="Restore"
              onClick={() => restore(id, name)}
            >
              <RestoreIcon />
            </button>
          </li>
        ))}
      </ul>
      {after && <LoadMore onLoad={() => fetchMore({ variables: { after } })} />}
    </section>
  );
}
