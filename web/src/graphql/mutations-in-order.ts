import { ApolloLink } from '@apollo/client';
import { OperationTypeNode } from 'graphql';
import { defer, finalize, from, mergeMap } from 'rxjs';

/**
 * Sends each mutation after the response of the previous one, so that new tasks keep their order, and a new task can be
 * completed at once. Optimistic responses do not wait.
 */
export function sendMutationsInOrder(): ApolloLink {
  let last: Promise<unknown> = Promise.resolve();
  return new ApolloLink((operation, forward) => {
    if (operation.operationType !== OperationTypeNode.MUTATION) return forward(operation);
    return defer(() => {
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      // Both, because a cancelled mutation ends before the earlier ones do.
      last = Promise.all([before, promise]);
      return from(before).pipe(
        mergeMap(() => forward(operation)),
        finalize(resolve),
      );
    });
  });
}
