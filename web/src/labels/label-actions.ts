import type { ApolloClient } from '@apollo/client';
import {
  CreateLabelDocument,
  type CreateLabelInput,
  DeleteLabelDocument,
  UpdateLabelDocument,
  type UpdateLabelInput,
  ViewerDocument,
} from '../generated/graphql.ts';

/** All of these throw errors. */
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

/** Deletes a label permanently, and removes it from tasks. */
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
