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

/** What fails is thrown by all of these. */
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
  // Whether it is archived decides where it is listed.
  const refetchQueries = input.archived === undefined ? [] : [ViewerDocument];
  await client.mutate({
    mutation: UpdateListDocument,
    variables: { input },
    refetchQueries,
    awaitRefetchQueries: true,
  });
}

/** Shown at once at this position, until the answer brings the real one. */
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

/** To the trash, with its tasks, and back by the button of the message. */
export async function deleteList(client: ApolloClient, toasts: Toasts, { id, name }: ListRowFragment): Promise<void> {
  await client.mutate({ mutation: DeleteListDocument, variables: { input: { id } } });
  const undo = () => restoreList(client, id).catch((error) => toasts.showProblem(error));
  toasts.show(`Deleted the list “${name}” and its tasks.`, { label: 'Undo', run: undo });
  await client.refetchQueries({ include: 'active' });
}

/** Out of the trash, with the tasks that went there with it. What fails is thrown. */
export async function restoreList(client: ApolloClient, id: string): Promise<void> {
  await client.mutate({ mutation: RestoreListDocument, variables: { input: { id } } });
  await client.refetchQueries({ include: 'active' });
}
