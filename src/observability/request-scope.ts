import { AsyncLocalStorage } from 'node:async_hooks';

/** The request that the running code belongs to. */
export interface RequestScope {
  readonly requestId: string;
  /** The time after which the request may start no statement, in terms of performance.now(). */
  readonly deadline: number;
  /** The name of the operation, once it is known; a GraphQL name, hence safe to log. */
  operationName?: string;
}

const storage = new AsyncLocalStorage<RequestScope>();

/** Runs `work` in this scope, which everything that it calls can access. */
export function inRequestScope<Result>(scope: RequestScope, work: () => Result): Result {
  return storage.run(scope, work);
}

/** Runs `work` outside any request: work that several requests share must not fail with one of them. */
export function outsideRequests<Result>(work: () => Result): Result {
  return storage.exit(work);
}

/** The scope of the current request; undefined outside of requests. */
export function requestScope(): RequestScope | undefined {
  return storage.getStore();
}
