import type { LiveSubscription } from '../generated/graphql.ts';
import { uri } from '../graphql/client.ts';
import { type Change, changeOf } from '../graphql/known-changes.ts';
import { findError } from '../graphql/problem.ts';
import type { Session } from '../session/session.ts';
import { inTime, readResults } from './event-stream.ts';
// As text, so that it is not among the documents that the first view loads.
import query from './live.graphql?raw';

/** What a live connection reports. */
export interface LiveReport {
  readonly changes: readonly Change[];
  /** Whether changes do not arrive at the moment. */
  readonly isLost: boolean;
}

interface Result {
  readonly data?: LiveSubscription | null;
  readonly errors?: Parameters<typeof findError>[0];
}

/** Milliseconds before a new attempt: doubled with each failure, up to the longest, and up to twice that by chance. */
const shortestWait = 500;
const longestWait = 30_000;

/** Follows the changes of the signed-in user. Whenever the stream ends, it connects again. */
export class LiveConnection {
  readonly #session: Session;
  readonly #report: (report: LiveReport) => void;
  /** Ends of the stream since the last page. */
  #ends = 0;

  constructor(session: Session, report: (report: LiveReport) => void) {
    this.#session = session;
    this.#report = report;
  }

  /** Resolves after the signal, or once the session has ended. */
  async stayOpen(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && this.#session.get().record) {
      // Without a connection, it is tried again like after any other end.
      const wait = await this.#follow(signal).catch(() => 0);
      if (signal.aborted) return;
      this.#report({ changes: [], isLost: true });
      await pause(Math.max(wait, this.#backoff()), signal);
      this.#ends += 1;
    }
  }

  /** Reports all pages of one stream. @returns the least number of milliseconds to wait, as the server says */
  async #follow(signal: AbortSignal): Promise<number> {
    const { record } = this.#session.get();
    if (!record) return 0;
    const { cursor: after } = this.#session;
    const ending = new AbortController();
    let isFirst = true;
    try {
      for await (const { data, errors } of open(record.accessToken, after, AbortSignal.any([signal, ending.signal]))) {
        if (signal.aborted) return 0;
        if (errors || !data) return await this.#recover(errors, record.accessToken, after);
        const { changes, cursor, hasMore } = data.changes;
        // After a long time, it is cheaper to reload than to read all changes.
        if (isFirst && hasMore) return this.#startAnew();
        this.#keep(cursor, record.userId);
        // Something may have been missed, or could not be loaded.
        const isGap = isFirst && (after === null || this.#ends > 1);
        const known = changes.map((change) => (change.record ? changeOf(change.record) : null));
        this.#report({ changes: isGap ? [null] : known, isLost: false });
        this.#ends = 0;
        isFirst = false;
      }
      return 0;
    } finally {
      ending.abort();
    }
  }

  async #recover(errors: Result['errors'], token: string, after: string | null): Promise<number> {
    if (findError(errors, 'UNAUTHENTICATED')) await this.#session.renew(token);
    const isRefused = findError(errors, 'CURSOR_EXPIRED') ?? findError(errors, 'BAD_USER_INPUT');
    if (after !== null && isRefused) return this.#startAnew();
    const details = findError(errors, 'SERVICE_UNAVAILABLE') ?? findError(errors, 'RATE_LIMITED');
    return (details?.retryAfter ?? 0) * 1_000;
  }

  #startAnew(): number {
    this.#session.cursor = null;
    return 0;
  }

  /** Not for the next user. */
  #keep(cursor: string, userId: string): void {
    if (this.#session.get().record?.userId === userId) this.#session.cursor = cursor;
  }

  /** The first new attempt is made at once. By chance, so that not all clients of a server come back together. */
  #backoff(): number {
    if (this.#ends === 0) return shortestWait * Math.random();
    return Math.min(longestWait, shortestWait * 2 ** (this.#ends - 1)) * (1 + Math.random());
  }
}

async function* open(token: string, after: string | null, signal: AbortSignal): AsyncGenerator<Result, void> {
  const response = await inTime(
    fetch(uri, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        accept: 'text/event-stream, application/graphql-response+json',
      },
      body: JSON.stringify({ operationName: 'Live', query, variables: { after } }),
      signal,
    }),
  );
  const type = response.headers.get('content-type') ?? '';
  // Refused before the stream began. A proxy may respond with anything.
  if (/json/.test(type)) yield (await response.json()) as Result;
  else if (type.startsWith('text/event-stream') && response.body) {
    yield* readResults(response.body) as AsyncGenerator<Result, void>;
  } else throw new TypeError(`No stream, but ${response.status} ${type}`);
}

/** Also ends when the network comes back, or after the signal. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    addEventListener('online', end);
    signal.addEventListener('abort', end);
  });
}
