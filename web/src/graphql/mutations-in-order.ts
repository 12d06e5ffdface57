import { ApolloLink } from '@apollo/client';
import { OperationTypeNode } from 'graphql';
import { defer, finalize, from, mergeMap } from 'rxjs';

/**
 * Sends each change when the one before it has been answered: tasks that are added one right after the other stand in that
 * order, and a task that was just added can be completed. What is seen does not wait for it.
 */
export function sendMutationsInOrder(): ApolloLink {
  let last: Promise<unknown> = Promise.resolve();
  return new ApolloLink((operation, forward) => {
    if (operation.operationType !== OperationTypeNode.MUTATION) return forward(operation);
    return defer(() => {
      const before = last;
      const { promise, resolve } = Promise.withResolvers<void>();
      // Both, since one that is given up is over while those before it are not.
      last = Promise.all([before, promise]);
      return from(before).pipe(
        mergeMap(() => forward(operation)),
        finalize(resolve),
      );
    });
  });
}
