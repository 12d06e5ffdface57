/**
 * What search compares: case, accents and the ways to write one letter make no difference. Dropped are accents (Latin, Greek,
 * Cyrillic) and vowel points that are usually left out (Arabic, Hebrew); in other scripts, such as Thai and Devanagari,
 * marks are letters.
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

// Letters that Unicode does not take apart, as people without that keyboard write them; and the last sigma of a word.
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

/** What is stored beside a task to be searched. A term holds no line break, so that none is found across the two. */
export function searchTextOf(title: string, description: string): string {
  return foldForSearch(`${title}\n${description}`);
}

/** The patterns of LIKE, one for each word of a search: all of them must be found. */
export function searchPatterns(search: string): string[] {
  const words = foldForSearch(search)
    .split(/\s+/)
    .filter((word) => word !== '');
  return [...new Set(words)].map((word) => `%${word.replace(/[\\%_]/g, '\\$&')}%`);
}
