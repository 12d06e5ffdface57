/** The known name that was probably meant: the same except for case, `_` and `-`, or with one or two typing errors. */
export function nearestName(name: string, known: readonly string[]): string | undefined {
  const plain = simplify(name);
  return known.find((candidate) => {
    const other = simplify(candidate);
    const slips = slipsBetween(plain, other);
    return slips <= allowedSlips(other) || (slips === 1 && isMixed(plain, other));
  });
}

/** Short names with an error are often other words (HOST and HOME, PORT and POST), but rarely with swapped letters. */
function allowedSlips(name: string): number {
  if (name.length >= 9) return 2;
  return name.length >= 6 ? 1 : 0;
}

function isMixed(a: string, b: string): boolean {
  return a.length >= 4 && [...a].sort().join('') === [...b].sort().join('');
}

function simplify(name: string): string {
  return name.toLowerCase().replaceAll(/[_-]/g, '');
}

/** Letters deleted, inserted, substituted or swapped with the next one (optimal string alignment distance). */
function slipsBetween(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  const at = (row: number, column: number): number => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    rows.push(current);
    for (let column = 1; column <= b.length; column++) {
      const exchange = at(row - 1, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const isSwapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = isSwapped ? at(row - 2, column - 2) + 1 : Number.POSITIVE_INFINITY;
      current.push(Math.min(at(row - 1, column) + 1, at(row, column - 1) + 1, exchange, swap));
    }
  }
  return at(a.length, b.length);
}
