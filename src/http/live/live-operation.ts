import { setTimeout as delay } from 'node:timers/promises';
import type { HTTPGraphQLResponse } from '@apollo/server';
import { type AppError, ErrorCode } from '../../errors.ts';
import type { LivePosition, LiveRequest } from '../../graphql/server/context.ts';
import type { SubscribedViewer, Subscriber } from '../../live/subscriber.ts';
import type { Subscribers } from '../../live/subscribers.ts';

/** Milliseconds until a page that could not be read is tried again. */
const retryInterval = 1_000;

/** The result of one execution. */
export interface LiveResult {
  readonly response: HTTPGraphQLResponse;
  /** The execution result as JSON, in one line. */
  readonly json: string;
  /** The code of the first error, also where there is data beside it. */
  readonly errorCode: unknown;
  /** Whether the operation is over: it failed, or is no subscription. */
  readonly isLast: boolean;
}

/** What an execution of the operation has to know: its context is created from it. */
export class LiveState implements LivePosition {
  cursor: LivePosition['cursor'] = null;
  page: LivePosition['page'] = null;
  /** null: not authenticated. */
  viewer: SubscribedViewer | null = null;
  subscriber: Subscriber | null = null;
  /** What is kept of the request. */
  request: LiveRequest | null = null;
  /** Whether the client has left. */
  isClosed = false;

  constructor(
    private readonly subscribers: Subscribers,
    readonly subscriptionsOnly: boolean,
  ) {}

  begin(request: LiveRequest): void {
    this.request ??= request;
    if (this.viewer) this.subscriber ??= this.subscribers.open(this.viewer);
  }

  close(): void {
    this.isClosed = true;
    if (this.subscriber) this.subscribers.close(this.subscriber);
  }
}

/** Executes an operation for a request, with everything that is checked for one. */
export type Execute = (state: LiveState) => Promise<HTTPGraphQLResponse>;

/**
 * An operation whose results are streamed. A subscription is executed again for each page, by the way of ordinary requests: so
 * it is authenticated and checked each time, and its result is formatted alike.
 */
export class LiveOperation {
  readonly #state: LiveState;

  /** @param subscriptionsOnly whether other operations are refused */
  constructor(
    private readonly execute: Execute,
    subscribers: Subscribers,
    subscriptionsOnly: boolean,
  ) {
    this.#state = new LiveState(subscribers, subscriptionsOnly);
  }

  /** Yields the first result at once, then one for each page with changes. The next page is read when it is asked for. */
  async *results(): AsyncGenerator<LiveResult, void> {
    try {
      let result: LiveResult | null = await this.#execute();
      while (result && !this.#state.isClosed) {
        const isLast: boolean = result.isLast;
        yield result;
        // It may be large, and the next one long in coming.
        result = null;
        result = isLast ? null : await this.#next();
      }
    } finally {
      this.close();
    }
  }

  /** Waits until there are changes, or an error. @returns null after the client has left */
  async #next(): Promise<LiveResult | null> {
    const state = this.#state;
    for (;;) {
      if (!state.page?.hasMore) await state.subscriber?.news();
      if (state.isClosed) return null;
      const result = await this.#executeAgain();
      if (result.isLast || (state.page && state.page.size > 0)) return result;
    }
  }

  /** While the database is away, tries again: the client need not notice. */
  async #executeAgain(): Promise<LiveResult> {
    const state = this.#state;
    for (;;) {
      const { cursor } = state;
      const result = await this.#execute();
      if (result.errorCode !== ErrorCode.SERVICE_UNAVAILABLE || state.isClosed || state.subscriber?.isEnded)
        return result;
      state.cursor = cursor;
      await delay(retryInterval);
    }
  }

  async #execute(): Promise<LiveResult> {
    const state = this.#state;
    state.page = null;
    const response = await this.execute(state);
    const { json, errorCode } = read(response);
    // Assigned by the resolver; without it, the operation is no subscription, or skips its field.
    const page = state.page as LivePosition['page'];
    if (page && errorCode === null && state.subscriber) state.subscriber.revision = page.hasMore ? null : page.revision;
    return { response, json, errorCode, isLast: page === null || errorCode !== null };
  }

  /** Why the subscription was ended from within; null: it was not. */
  get endReason(): AppError | null {
    return this.#state.subscriber?.reason ?? null;
  }

  /** Calls `work` when the subscription is ended from within: no result but the last will follow. */
  onEnd(work: () => void): void {
    this.#state.subscriber?.onEnd(work);
  }

  /** The client has left. */
  close(): void {
    this.#state.close();
  }
}

function read({ body }: HTTPGraphQLResponse): { json: string; errorCode: unknown } {
  // The other kind is that of @defer, which the schema does not have.
  const json = body.kind === 'complete' ? body.string.trimEnd() : '';
  // Errors come first: see Apollo's orderExecutionResultFields.
  if (!json.startsWith('{"errors"')) return { json, errorCode: null };
  // A page that lacks records because of an error must not be passed over: the stream does not go on after it.
  const { errors } = JSON.parse(json) as { errors: { extensions?: { code?: unknown } }[] };
  return { json, errorCode: errors[0]?.extensions?.code ?? ErrorCode.INTERNAL_SERVER_ERROR };
}
