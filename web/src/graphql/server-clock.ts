import { v7 as uuidv7 } from 'uuid';

/**
 * The server's time. The clock of a device may be days off: the server refuses ids made by such a clock, and its days are not
 * those of the server.
 */
export class ServerClock {
  /** Milliseconds that the server's clock is ahead of this device's. */
  #ahead = 0;
  /** And ahead of the time since the page was opened, which no setting of the device's clock moves; in its sleep it may stand. */
  #sinceOpened = Number.POSITIVE_INFINITY;
  #lastId = 0;

  readonly now = (): number => Date.now() + this.#ahead;

  /** A UUIDv7, later than the one before it. An early one does no harm; the server refuses those of a future day. */
  newId(): string {
    const now = Math.floor(Math.min(this.now(), performance.now() + this.#sinceOpened));
    // Not after an answer has put the clock back.
    const isInStep = this.#lastId - now < 1_000;
    this.#lastId = isInStep ? Math.max(now, this.#lastId + 1) : now;
    return uuidv7({ msecs: this.#lastId });
  }

  /** Asks by `fetch`, and learns the time from the answer. */
  readonly fetch: typeof fetch = async (resource, options) => {
    const asked = Date.now();
    const response = await fetch(resource, options);
    this.#learn(Date.parse(response.headers.get('date') ?? ''), asked, Date.now());
    return response;
  };

  /** @param date in whole seconds, from when it was asked to when it was answered */
  #learn(date: number, asked: number, answered: number): void {
    const [least, most] = [date - answered, date + 999 - asked];
    const isWithin = (ahead: number) => least <= ahead && ahead <= most;
    if (Number.isNaN(date)) return;
    // Where this device may be right, it is more precise.
    if (!isWithin(this.#ahead)) this.#ahead = isWithin(0) ? 0 : Math.round((least + most) / 2);
    this.#sinceOpened = this.now() - performance.now();
  }
}

export const serverClock = new ServerClock();
