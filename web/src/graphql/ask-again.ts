import { ApolloLink } from '@apollo/client';
import { defer, mergeMap, of, tap } from 'rxjs';

/** Times that a query is asked again: whoever changes something every moment still sees an answer. */
const most = 2;

/** What was asked before a change and answered after it may tell how it was before: it is asked again. */
export function askAgain(): ApolloLink {
  let changes = 0;
  return new ApolloLink((operation, forward) => {
    if (operation.operationType === 'mutation') {
      return forward(operation).pipe(
        tap(() => {
          changes += 1;
        }),
      );
    }
    const ask = (left: number): ReturnType<typeof forward> =>
      defer(() => {
        const before = changes;
        return forward(operation).pipe(
          mergeMap((result) => (left === 0 || changes === before ? of(result) : ask(left - 1))),
        );
      });
    return ask(most);
  });
}
