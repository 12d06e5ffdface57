import { ApolloLink } from '@apollo/client';
import { defer, mergeMap, of } from 'rxjs';
import type { Session } from '../session/session.ts';
import { findError } from './problem.ts';

/** Adds the access token to each request. If the server refuses it, renews it and repeats the request once. */
export function authorize(session: Session): ApolloLink {
  return new ApolloLink((operation, forward) => {
    const send = (canRenew: boolean): ReturnType<typeof forward> =>
      defer(() => {
        const token = session.get().record?.accessToken;
        if (token) operation.setContext({ headers: { authorization: `Bearer ${token}` } });
        return forward(operation).pipe(
          mergeMap((result) => {
            const isRefused = findError(result.errors, 'UNAUTHENTICATED') !== undefined;
            if (!token || !canRenew || !isRefused) return of(result);
            return defer(() => session.renew(token)).pipe(
              mergeMap((isRenewed) => (isRenewed ? send(false) : of(result))),
            );
          }),
        );
      });
    return send(true);
  });
}
