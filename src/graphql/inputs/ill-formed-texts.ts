import { type ASTNode, type DocumentNode, visit } from 'graphql';

type Path = readonly (string | number)[];

/** The string literals of a document that cannot be stored. */
export function findIllFormedLiterals(document: DocumentNode): ASTNode[] {
  const found: ASTNode[] = [];
  const text = document.loc?.source.body ?? '';
  if (isWellFormed(text) && !text.includes('\\u')) return found;
  visit(document, { StringValue: (node) => void (isWellFormed(node.value) || found.push(node)) });
  return found;
}

/** The paths of strings in a variable that cannot be stored, at most `most` of them. */
export function illFormedTexts(value: unknown, most: number, path: Path = [], found: Path[] = []): Path[] {
  if (found.length === most) return found;
  if (typeof value === 'string' && !isWellFormed(value)) found.push(path);
  if (typeof value !== 'object' || value === null) return found;
  for (const [key, item] of Object.entries(value)) {
    illFormedTexts(item, most, [...path, Array.isArray(value) ? Number(key) : key], found);
  }
  return found;
}

/** PostgreSQL cannot store NUL, UTF-8 cannot encode unpaired surrogates, and bcrypt misreads both. */
function isWellFormed(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
