import { v7 as uuidv7 } from 'uuid';

/** The server's time. The clock of a device may be days off, so that the server would reject its ids, and days would differ. */
export class ServerClock {
  /** The server's time minus Date.now(), in milliseconds. */
  #ahead = 0;
  /** The server's time minus performance.now(), which does not change with the device's clock, but may stop during sleep. */
  #sinceOpened = Number.POSITIVE_INFINITY;
  #lastId = 0;

  readonly now = (): number => Date.now() + this.#ahead;

  /** A UUIDv7, later than the previous one. Uses the earlier of two times, because the server rejects only future ones. */
  newId(): string {
    const now = Math.floor(Math.min(this.now(), performance.now() + this.#sinceOpened));
    // Unless a response has set the clock back.
    const isInStep = this.#lastId - now < 1_000;
    this.#lastId = isInStep ? Math.max(now, this.#lastId + 1) : now;
    return uuidv7({ msecs: this.#lastId });
  }

  /** Like `fetch`, but also reads the time from the response. */
  readonly fetch: typeof fetch = async (resource, options) => {
    const asked = Date.now();
    const response = await fetch(resource, options);
    this.#learn(Date.parse(response.headers.get('date') ?? ''), asked, Date.now());
    return response;
  };

  /** @param date the server's time, rounded down to seconds, between `asked` and `answered` */
  #learn(date: number, asked: number, answered: number): void {
    const [least, most] = [date - answered, date + 999 - asked];
    const isWithin = (ahead: number) => least <= ahead && ahead <= most;
    if (Number.isNaN(date)) return;
    // If the device's clock may be right, it is more precise.
    if (!isWithin(this.#ahead)) this.#ahead = isWithin(0) ? 0 : Math.round((least + most) / 2);
    this.#sinceOpened = this.now() - performance.now();
  }
}

export const serverClock = new ServerClock();
