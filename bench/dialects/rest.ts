import type { Step } from '../operations.ts';
import { type Answer, type Call, type CanonicalTask, type Dialect, type Page, writtenTask } from './dialect.ts';

interface Body {
  readonly nodes: readonly CanonicalTask[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly accessToken: string;
  readonly user: object;
}

/** Plain resources over HTTP, for the sides without GraphQL. */
export const rest: Dialect = {
  call: callOf,
  read(step, { status, body }: Answer) {
    if (status >= 400) return null;
    const { nodes, pageInfo, accessToken, user } = body as Body;
    switch (step.kind) {
      case 'related':
      case 'page': {
        const { hasNextPage, endCursor } = pageInfo;
        return { tasks: nodes, hasNextPage, hasEndCursor: Boolean(endCursor) } satisfies Page;
      }
      case 'task':
        return body as CanonicalTask;
      case 'login':
        return { user, hasToken: accessToken.length > 100 };
      default:
        return writtenTask(step, body as CanonicalTask);
    }
  },
};

function callOf(step: Step): Call {
  switch (step.kind) {
    case 'page':
      return { method: 'GET', path: '/tasks?first=50', body: null };
    case 'related':
      return { method: 'GET', path: '/tasks/related?first=20', body: null };
    case 'labels':
      throw new Error('No side that speaks this has labels alone.');
    case 'task':
      return { method: 'GET', path: `/tasks/${step.id}`, body: null };
    case 'create': {
      const body = { title: step.title, description: step.description, priority: 'MEDIUM' };
      return { method: 'POST', path: '/tasks', body };
    }
    case 'login':
      return { method: 'POST', path: '/login', body: { email: step.email, password: step.password } };
    default:
      return { method: 'POST', path: `/tasks/${step.id}/${step.kind}`, body: null };
  }
}
