/** A record in one of its states, as text; null: any change. */
export type Change = string | null;

/** What tells the states of a record apart: a move changes neither its version nor its time. */
interface RecordState {
  readonly id: string;
  readonly version?: number;
  readonly position?: string;
  readonly list?: { readonly id: string } | null;
  readonly parent?: { readonly id: string } | null;
}

/** null for records without a version. */
export function changeOf({ id, version, position, list, parent }: RecordState): Change {
  return version === undefined ? null : [id, version, position, list?.id, parent?.id].join(' ');
}

/** The changes in the response to a mutation, whichever fields they are in. */
export function changesIn(data: unknown): Change[] {
  if (typeof data !== 'object' || data === null) return [];
  const own = 'id' in data ? changeOf(data as RecordState) : null;
  return [...(own === null ? [] : [own]), ...Object.values(data).flatMap(changesIn)];
}

/** More than the largest bulk action of a few seconds. */
const capacity = 2_000;

/** The latest changes that this page shows already: its own, and those after which it has reloaded. */
export class KnownChanges {
  readonly #changes = new Set<string>();

  add(changes: readonly Change[]): void {
    for (const change of changes) if (change !== null) this.#changes.add(change);
    for (const oldest of this.#changes) {
      if (this.#changes.size <= capacity) break;
      this.#changes.delete(oldest);
    }
  }

  includes(changes: readonly Change[]): boolean {
    return changes.every((change) => change !== null && this.#changes.has(change));
  }
}

export const knownChanges = new KnownChanges();
