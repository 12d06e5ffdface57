import { outsideRequests } from '../observability/request-scope.ts';

/** Milliseconds for which changes are gathered after the first one: what a client changes together, it sends together. */
const gathering = 20;

/** Milliseconds between two wakes, so that a burst of changes arrives as few events. */
const interval = 100;

/** Gathers the changes of a user before the subscriptions are woken. */
export class WakeTimer {
  #timer: NodeJS.Timeout | null = null;
  #latest = Number.NEGATIVE_INFINITY;

  constructor(private readonly wake: () => void) {}

  start(): void {
    if (this.#timer) return;
    const wait = Math.max(gathering, this.#latest + interval - performance.now());
    this.#timer = outsideRequests(() => setTimeout(() => this.#run(), wait));
  }

  stop(): void {
    if (this.#timer) clearTimeout(this.#timer);
  }

  #run(): void {
    this.#timer = null;
    this.#latest = performance.now();
    this.wake();
  }
}
