import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import { type Errors, find } from './errors.ts';
import { authorization, type Session } from './session.ts';

/** The errors of an operation. */
export class TodoqlError extends Error {
  constructor(readonly errors: Errors) {
    super(errors.map(({ message }) => message).join(' '));
  }
}

export function connect(url: string, session: Session) {
  return async <Data, Variables>(
    document: TypedDocumentNode<Data, Variables>,
    variables: NoInfer<Variables>,
  ): Promise<Data> => {
    const headers = { 'content-type': 'application/json', ...authorization(session) };
    const body = JSON.stringify({ query: print(document), variables });
    const response = await fetch(url, { method: 'POST', headers, body });
    // A cast, because the JSON is not checked; other content throws here. Error responses are JSON too, whatever the status.
    const { data, errors } = (await response.json()) as { data: Data; errors?: Errors };
    if (!errors) return data;
    if (find(errors, 'UNAUTHENTICATED')) session.accessToken = null;
    throw new TodoqlError(errors);
  };
}
