import type { Client } from '../../graphql/server/context.ts';
import { networkOf } from '../../graphql/server/networks.ts';

/** WebSockets of one network that may be without a user at a time: enough for an office that connects again after a restart. */
const maximumOfNetwork = 20;

/** The part of an instance's WebSockets that may be without a user at a time: the rest is for those that have one. */
const share = 1 / 4;

/** Counts WebSockets that are not authenticated yet, so that strangers leave room for users. */
export class UnauthenticatedSockets {
  readonly #ofNetwork = new Map<string, number>();
  readonly #maximum: number;
  #count = 0;

  /** @param maximumSockets how many WebSockets the instance serves at once */
  constructor(maximumSockets: number) {
    this.#maximum = Math.ceil(maximumSockets * share);
  }

  hasRoom({ address }: Client): boolean {
    return this.#count < this.#maximum && (this.#ofNetwork.get(networkOf(address)) ?? 0) < maximumOfNetwork;
  }

  /** @returns what forgets it again, which may be called twice */
  add({ address }: Client): () => void {
    const network = networkOf(address);
    let isCounted = true;
    this.#change(network, 1);
    return () => {
      if (isCounted) this.#change(network, -1);
      isCounted = false;
    };
  }

  #change(network: string, by: 1 | -1): void {
    this.#count += by;
    const ofNetwork = (this.#ofNetwork.get(network) ?? 0) + by;
    if (ofNetwork > 0) this.#ofNetwork.set(network, ofNetwork);
    else this.#ofNetwork.delete(network);
  }
}
