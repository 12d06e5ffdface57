import type { ServiceDatabase } from '../database/service-database.ts';
import { AppError, ErrorCode, sessionEnded } from '../errors.ts';
import { refuse } from '../graphql/server/refusal.ts';
import type { Logger } from '../observability/logger.ts';
import { outsideRequests } from '../observability/request-scope.ts';
import { readRevisions, sessionKey } from './live-sessions.ts';
import { type SubscribedViewer, Subscriber } from './subscriber.ts';
import { WakeTimer } from './wake-timer.ts';

/** Live subscriptions per user and instance: some tabs and devices. */
export const subscriptionsPerUser = 20;

/** Milliseconds between two look-ups of all sessions and counters: a session that has ended is noticed within 1.5 seconds. */
const lookUpInterval = 1_000;

/** Seconds after which a refused client should try again. */
const retryAfter = 5;

/** Milliseconds over which the subscriptions end when the server stops, so that clients do not reconnect all at once. */
const longestEnding = 3_000;
const endingPerSubscription = 10;

interface LiveUser {
  readonly subscribers: Set<Subscriber>;
  readonly timer: WakeTimer;
}

/** The live subscriptions of this instance. */
export class Subscribers {
  readonly #users = new Map<string, LiveUser>();
  readonly #stopListening: () => void;
  #count = 0;
  #isStopping = false;
  #isLookingUp = false;

  /** @param maximum how many there may be */
  constructor(
    private readonly serviceDatabase: ServiceDatabase,
    private readonly maximum: number,
    private readonly logger: Logger,
  ) {
    this.#stopListening = serviceDatabase.userChanges.onCommitted((userId) => this.wake(userId));
  }

  /** Makes the subscriptions of a user read again soon. */
  wake(userId: string): void {
    this.#users.get(userId)?.timer.start();
  }

  /** Refuses the request with RATE_LIMITED or SERVICE_UNAVAILABLE if there are too many. */
  open(viewer: SubscribedViewer): Subscriber {
    if (this.#isStopping) throw refuse(stopping());
    const user = this.#users.get(viewer.id);
    if (user && user.subscribers.size >= subscriptionsPerUser) throw refuse(tooManyOfUser());
    if (this.#count >= this.maximum) throw refuse(tooMany());
    const subscriber = new Subscriber(viewer);
    this.#count += 1;
    if (user) user.subscribers.add(subscriber);
    else this.#users.set(viewer.id, newLiveUser(subscriber));
    if (!this.#isLookingUp) outsideRequests(() => void this.#lookUpEachSecond());
    return subscriber;
  }

  /** Forgets a subscriber, whose client has left or whose stream is complete. */
  close(subscriber: Subscriber): void {
    const { id } = subscriber.viewer;
    const user = this.#users.get(id);
    if (user?.subscribers.delete(subscriber)) this.#count -= 1;
    if (user?.subscribers.size === 0) {
      user.timer.stop();
      this.#users.delete(id);
    }
    subscriber.end(null);
  }

  /** Accepts no more, and ends all there are, with a reason to subscribe again. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#stopListening();
    const all = this.#all();
    const time = Math.min(longestEnding, endingPerSubscription * all.length);
    const end = async (subscriber: Subscriber, index: number) => {
      await delay((time * index) / all.length);
      subscriber.end(stopping());
    };
    await Promise.all(all.map(end));
  }

  #all(): Subscriber[] {
    return [...this.#users.values()].flatMap(({ subscribers }) => [...subscribers]);
  }

  async #lookUpEachSecond(): Promise<void> {
    this.#isLookingUp = true;
    while (this.#count > 0) {
      await delay(lookUpInterval);
      // While the database is away nothing can be read either; the next look-up may succeed.
      await this.#lookUp().catch((error: unknown) =>
        this.logger.warn({ err: error }, 'could not look up live sessions'),
      );
    }
    this.#isLookingUp = false;
  }

  /** Ends the subscriptions of sessions that have ended, and wakes those that have not read up to their user's counter. */
  async #lookUp(): Promise<void> {
    const asked = this.#all();
    const now = Date.now() / 1_000;
    for (const subscriber of asked) {
      if ((subscriber.viewer.authenticatedUntil ?? Infinity) <= now) subscriber.end(sessionEnded());
    }
    if (asked.length === 0) return;
    const revisions = await readRevisions(this.serviceDatabase, asked);
    for (const subscriber of asked) {
      const revision = revisions.get(sessionKey(subscriber.viewer));
      if (revision === undefined) subscriber.end(sessionEnded());
      else if (revision !== subscriber.revision) subscriber.wake();
    }
  }
}

function newLiveUser(first: Subscriber): LiveUser {
  const subscribers = new Set([first]);
  const wakeAll = () => {
    for (const subscriber of subscribers) subscriber.wake();
  };
  return { subscribers, timer: new WakeTimer(wakeAll) };
}

/** It does not keep the process alive. */
function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());
}

function tooManyOfUser(): AppError {
  const message = `At most ${subscriptionsPerUser} live subscriptions at once. End one of them first.`;
  return new AppError(ErrorCode.RATE_LIMITED, message, { retryAfter });
}

function tooMany(): AppError {
  return new AppError(ErrorCode.SERVICE_UNAVAILABLE, 'Too many live subscriptions. Try again later.', { retryAfter });
}

function stopping(): AppError {
  const message = 'The server is restarting. Subscribe again, with the latest cursor.';
  return new AppError(ErrorCode.SERVICE_UNAVAILABLE, message, { retryAfter: 1 });
}
