import { AsyncLocalStorage } from 'node:async_hooks';

/** What is known of the request that the running code belongs to. */
export interface RequestScope {
  readonly requestId: string;
  /** Until when the request may start statements, as performance.now() counts. */
  readonly deadline: number;
  /** The name of the operation, once it is known; a GraphQL name, hence safe to log. */
  operationName?: string;
}

const storage = new AsyncLocalStorage<RequestScope>();

/** Runs `work` with the scope in reach of everything that it calls. */
export function inRequestScope<Result>(scope: RequestScope, work: () => Result): Result {
  return storage.run(scope, work);
}

/** Runs `work` as no request's: what several requests share must not fail with one of them. */
export function outsideRequests<Result>(work: () => Result): Result {
  return storage.exit(work);
}

/** The scope of the current request; undefined outside of requests. */
export function requestScope(): RequestScope | undefined {
  return storage.getStore();
}
