import { ApolloLink } from '@apollo/client';
import { tap } from 'rxjs';

/** Fails if a response has neither data nor errors: a proxy may respond with any JSON. */
export function rejectEmptyAnswers(): ApolloLink {
  return new ApolloLink((operation, forward) =>
    forward(operation).pipe(
      tap(({ data, errors }) => {
        const isEmpty = !data || (operation.operationType === 'mutation' && !Object.values(data).some(isThere));
        if (isEmpty && !errors?.length) throw new Error(`${operation.operationName} was answered with nothing.`);
      }),
    ),
  );
}

const isThere = (value: unknown): boolean => value !== null && value !== undefined;
