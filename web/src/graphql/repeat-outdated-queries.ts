import { ApolloLink } from '@apollo/client';
import { defer, mergeMap, of, tap } from 'rxjs';

/** A limit, so that a person who keeps changing things sees an answer. */
const maxRepeats = 2;

/** Sends a query again that was sent before a change and answered after it: the answer may show the state before. */
export function repeatOutdatedQueries(): ApolloLink {
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
    return ask(maxRepeats);
  });
}
