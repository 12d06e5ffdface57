/** Between two siblings of a row, either of which may be missing at an end. */
export interface Gap {
  readonly afterId: string | null;
  readonly beforeId: string | null;
}

/**
 * Where a row comes to lie; null: it is there already, or there is no such place.
 *
 * @param index its place among the others, without itself
 */
export function gapAt(ids: readonly string[], moved: string, index: number): Gap | null {
  if (index < 0 || index >= ids.length || ids[index] === moved) return null;
  const others = ids.filter((id) => id !== moved);
  return { afterId: others[index - 1] ?? null, beforeId: others[index] ?? null };
}
