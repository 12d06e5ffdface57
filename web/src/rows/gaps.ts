/** The neighbours of a position among siblings; either may be missing at an end. */
export interface Gap {
  readonly afterId: string | null;
  readonly beforeId: string | null;
}

/**
 * The gap that a row moves to; null: it is already there, or there is no such gap.
 *
 * @param index the new index among the other rows
 */
export function gapAt(ids: readonly string[], moved: string, index: number): Gap | null {
  if (index < 0 || index >= ids.length || ids[index] === moved) return null;
  const others = ids.filter((id) => id !== moved);
  return { afterId: others[index - 1] ?? null, beforeId: others[index] ?? null };
}
