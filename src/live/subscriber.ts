import type { AppError } from '../errors.ts';
import type { Viewer } from '../viewer.ts';

/** Whose subscription it is: what the look-up each second checks. */
export type SubscribedViewer = Pick<Viewer, 'id' | 'sessionId' | 'authenticatedUntil'>;

/**
 * A live subscription: a flag that something has changed. Nothing is queued for it: what it is sent is read after its cursor
 * when its client can take it.
 */
export class Subscriber {
  /** Why it ends, once it does; null after the client has left. */
  reason: AppError | null = null;
  isEnded = false;
  /** The user's counter when it last read to the end; null: it has not. */
  revision: string | null = null;
  #hasNews = false;
  #resume: (() => void) | null = null;
  #onEnd: (() => void) | null = null;

  constructor(readonly viewer: SubscribedViewer) {}

  /** Resolves once there may be changes that the previous read missed, or the subscription ends. Call it before each read. */
  async news(): Promise<void> {
    if (!this.#hasNews && !this.isEnded) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#resume = resolve;
      await promise;
      this.#resume = null;
    }
    this.#hasNews = false;
  }

  wake(): void {
    this.#hasNews = true;
    this.#resume?.();
  }

  /** @param reason what its client is told; null: the client has left */
  end(reason: AppError | null): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.reason = reason;
    this.#resume?.();
    this.#onEnd?.();
  }

  /** Calls `work` when the subscription ends. */
  onEnd(work: () => void): void {
    this.#onEnd = work;
    if (this.isEnded) work();
  }
}
