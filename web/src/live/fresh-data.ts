import { type Change, knownChanges } from '../graphql/known-changes.ts';

/** Milliseconds for which changes are gathered. */
const gathering = 100;

/** The least number of milliseconds between two reloads, for a device that keeps changing things. */
const interval = 1_000;

/** Reloads after changes that the page does not show yet. A hidden page waits until it is visible. */
export class FreshData {
  readonly #reload: () => Promise<unknown>;
  readonly #isVisible: () => boolean;
  #changes: readonly Change[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isReloading = false;
  #reloadedAt = Number.NEGATIVE_INFINITY;

  constructor(reload: () => Promise<unknown>, isVisible: () => boolean) {
    this.#reload = reload;
    this.#isVisible = isVisible;
  }

  /** Without changes: reloads if an earlier attempt has failed. */
  add(changes: readonly Change[]): void {
    this.#changes = [...this.#changes, ...changes];
    this.resume();
  }

  /** Call it when the page is visible again. */
  readonly resume = (): void => {
    if (this.#changes.length === 0 || this.#timer || this.#isReloading || !this.#isVisible()) return;
    const wait = Math.max(gathering, this.#reloadedAt + interval - performance.now());
    this.#timer = setTimeout(() => void this.#catchUp(), wait);
  };

  stop(): void {
    clearTimeout(this.#timer ?? undefined);
    this.#changes = [];
  }

  async #catchUp(): Promise<void> {
    const changes = this.#changes;
    this.#changes = [];
    this.#timer = null;
    // Not when they come: the response to an own change may arrive after the event.
    if (knownChanges.includes(changes)) return;
    this.#isReloading = true;
    this.#reloadedAt = performance.now();
    let isLoaded = false;
    try {
      await this.#reload();
      isLoaded = true;
      knownChanges.add(changes);
    } catch {
      // Views show the errors of their own queries.
    }
    this.#isReloading = false;
    if (isLoaded) this.resume();
    else this.#changes = [...changes, ...this.#changes];
  }
}
