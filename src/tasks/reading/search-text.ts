/**
 * The form of a text that searches compare, without case and variants of letters. Also without accents (Latin, Greek,
 * Cyrillic) and optional vowel points (Arabic, Hebrew); in other scripts, such as Thai and Devanagari, marks are kept, because
 * they are letters.
 */
export function foldForSearch(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/([\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{Mn}+/gu, '$1')
    .replace(/[\u2018\u2019\u02bc]/g, "'")
    .replace(/[\u201c\u201d]/g, '"')
    .replace(/\u2044/g, '/')
    .replace(/[\u00ad\u200b\u2060\ufeff]/g, '')
    .replace(/[\u0591-\u05c7\u0640\u064b-\u065f\u0670]/g, '')
    .toLowerCase()
    .replace(/[ßæœøłđðþħŧıς]/g, (letter) => spelledOut[letter] ?? letter)
    .normalize('NFKC');
}

// Letters that Unicode does not decompose, as people without such a keyboard write them; and the final sigma.
const spelledOut: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ħ: 'h',
  ŧ: 't',
  ı: 'i',
  ς: 'σ',
};

/** The search text of a task. Search terms have no line break, so that none matches across title and description. */
export function searchTextOf(title: string, description: string): string {
  return foldForSearch(`${title}\n${description}`);
}

/** The LIKE patterns of a search, one for each word; all of them must match. */
export function searchPatterns(search: string): string[] {
  const words = foldForSearch(search)
    .split(/\s+/)
    .filter((word) => word !== '');
  return [...new Set(words)].map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
}
