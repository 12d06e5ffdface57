type Path = readonly (string | number)[];

/** Where the texts of a variable are that cannot be stored, the first of them. */
export function illFormedTexts(value: unknown, maximum: number, path: Path = [], found: Path[] = []): Path[] {
  if (found.length === maximum) return found;
  if (typeof value === 'string' && !isWellFormed(value)) found.push(path);
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, item] of Object.entries(value)) {
    illFormedTexts(item, maximum, [...path, Array.isArray(value) ? Number(key) : key], found);
  }
  return found;
}

/** PostgreSQL stores no NUL, UTF-8 has no lone surrogates, and bcrypt takes both for something else. */
export function isWellFormed(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
