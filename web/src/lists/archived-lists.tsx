import { useApolloClient, useQuery } from '@apollo/client/react';
import { LoadMore } from '../controls/load-more.tsx';
import { ListsDocument } from '../generated/graphql.ts';
import { nextCursor } from '../graphql/pages.ts';
import { useToasts } from '../messages/toast-stack.tsx';
import { viewHref } from '../navigation/address.ts';
import { Link } from '../navigation/link.tsx';
import { updateList } from './list-actions.ts';

/** Archived lists, each with a button to restore it. */
export function ArchivedLists() {
  const client = useApolloClient();
  const toasts = useToasts();
  const { data, fetchMore } = useQuery(ListsDocument, { variables: { filter: { archived: true } } });
  const after = nextCursor(data?.lists);
  const lists = (data?.lists?.edges ?? []).map(({ node }) => node).filter(({ archived }) => archived);
  if (lists.length === 0 && !after) return null;
  const bringBack = (id: string) =>
    updateList(client, { id, archived: false }).catch((error) => toasts.showProblem(error));
  return (
    <section aria-labelledby="archived-heading">
      <h2 id="archived-heading">Archived lists</h2>
      {lists.map(({ id, name }) => (
        <div key={id} className="setting">
          <Link href={viewHref({ kind: 'list', id })}>{name}</Link>
          <button type="button" className="button" aria-label={`Restore: ${name}`} onClick={() => bringBack(id)}>
            Restore
          </button>
        </div>
      ))}
      {after && <LoadMore onLoad={() => fetchMore({ variables: { after } })} />}
    </section>
  );
}
