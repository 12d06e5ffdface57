/** Between two siblings of a task, either of which may be missing at an end. */
export interface Gap {
  readonly afterId: string | null;
  readonly beforeId: string | null;
}

/**
 * Where a task comes to lie.
 *
 * @param index its place among the others, without itself
 */
export function gapAt(ids: readonly string[], moved: string, index: number): Gap {
  const others = ids.filter((id) => id !== moved);
  return { afterId: others[index - 1] ?? null, beforeId: others[index] ?? null };
}

/** One place up or down; null at the end of the list. */
export function gapBeside(ids: readonly string[], moved: string, direction: 'up' | 'down'): Gap | null {
  const index = ids.indexOf(moved) + (direction === 'up' ? -1 : 1);
  return index < 0 || index >= ids.length ? null : gapAt(ids, moved, index);
}
