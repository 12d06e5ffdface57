import { ApolloLink } from '@apollo/client';
import { defer, mergeMap, of, tap } from 'rxjs';

/** Limited, so that a user who keeps changing things gets a result. */
const maxRepeats = 2;

/** Repeats a query that was sent before a change and answered after it, because the result may be outdated. */
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
