import type { ApolloClient } from '@apollo/client';
import {
  CreateLabelDocument,
  type CreateLabelInput,
  DeleteLabelDocument,
  UpdateLabelDocument,
  type UpdateLabelInput,
  ViewerDocument,
} from '../generated/graphql.ts';

/** What fails is thrown by all of these. */
export async function createLabel(client: ApolloClient, input: CreateLabelInput): Promise<void> {
  const refetchQueries = [ViewerDocument];
  await client.mutate({
    mutation: CreateLabelDocument,
    variables: { input },
    refetchQueries,
    awaitRefetchQueries: true,
  });
}

export async function updateLabel(client: ApolloClient, input: UpdateLabelInput): Promise<void> {
  await client.mutate({ mutation: UpdateLabelDocument, variables: { input } });
}

/** For good. Tasks lose it. */
export async function deleteLabel(client: ApolloClient, id: string): Promise<void> {
  await client.mutate({
    mutation: DeleteLabelDocument,
    variables: { input: { id } },
    update(cache, { data }) {
      cache.evict({ id: `Label:${data?.deleteLabel?.deletedId}` });
      cache.gc();
    },
  });
}
