import type { ApolloClient } from '@apollo/client';
import {
  CreateListDocument,
  type CreateListInput,
  DeleteListDocument,
  type ListRowFragment,
  MoveListDocument,
  type MoveListInput,
  RestoreListDocument,
  UpdateListDocument,
  type UpdateListInput,
  ViewerDocument,
} from '../generated/graphql.ts';
import type { Toasts } from '../messages/toasts.ts';

/** All of these throw errors. */
export async function createList(client: ApolloClient, input: CreateListInput): Promise<void> {
  const refetchQueries = [ViewerDocument];
  await client.mutate({
    mutation: CreateListDocument,
    variables: { input },
    refetchQueries,
    awaitRefetchQueries: true,
  });
}

export async function updateList(client: ApolloClient, input: UpdateListInput): Promise<void> {
  // Archiving changes which links show the list.
  const refetchQueries = input.archived === undefined ? [] : [ViewerDocument];
  await client.mutate({
    mutation: UpdateListDocument,
    variables: { input },
    refetchQueries,
    awaitRefetchQueries: true,
  });
}

/** Shows a list at this position at once, until the response has the real one. */
export async function moveList(
  client: ApolloClient,
  list: ListRowFragment,
  target: Omit<MoveListInput, 'id'>,
  position: string,
) {
  await client.mutate({
    mutation: MoveListDocument,
    variables: { input: { id: list.id, ...target } },
    optimisticResponse: {
      __typename: 'Mutation',
      moveList: { __typename: 'MoveListPayload', list: { ...list, position } },
    },
  });
}

/** Moves a list with its tasks to the trash. A toast offers to undo it. */
export async function deleteList(client: ApolloClient, toasts: Toasts, { id, name }: ListRowFragment): Promise<void> {
  await client.mutate({ mutation: DeleteListDocument, variables: { input: { id } } });
  const undo = () => restoreList(client, id).catch((error) => toasts.showProblem(error));
  toasts.show(`Deleted the list “${name}” and its tasks.`, { label: 'Undo', run: undo });
  await client.refetchQueries({ include: 'active' });
}

/** Restores a list and the tasks that were deleted with it. Throws errors. */
export async function restoreList(client: ApolloClient, id: string): Promise<void> {
  await client.mutate({ mutation: RestoreListDocument, variables: { input: { id } } });
  await client.refetchQueries({ include: 'active' });
}
