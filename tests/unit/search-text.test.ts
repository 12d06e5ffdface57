import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldForSearch, searchPatterns, searchTextOf } from '../../src/tasks/reading/search-text.ts';

/** Whether a search finds a text, LIKE's way: every pattern, its wildcards at both ends, its escapes undone. */
function finds(search: string, title: string, description = ''): boolean {
  const text = searchTextOf(title, description);
  return searchPatterns(search).every((pattern) => text.includes(pattern.slice(1, -1).replace(/\\([\\%_])/g, '$1')));
}

test.each([
  ['résumé', 'RESUME', 'accents and case'],
  ['cafe\u0301', 'café', 'one letter or two code points'],
  ['ÅNGSTRÖM', 'angstrom', 'Swedish'],
  ['Łódź', 'lodz', 'Polish'],
  ['Straße', 'STRASSE', 'ß for ss'],
  ['Strasse', 'straße', 'ss for ß'],
  ['STRAẞE', 'strasse', 'a capital ß'],
  ['Smørrebrød', 'smorrebrod', 'Danish'],
  ['Æther œuvre', 'aether OEUVRE', 'ligatures'],
  ['Đà Nẵng', 'da nang', 'Vietnamese, two marks on one letter'],
  ['İstanbul', 'istanbul', 'Turkish İ'],
  ['ISPARTA', 'ısparta', 'Turkish ı'],
  ['ısı', 'ISI', 'Turkish I'],
  ['Ἀθῆναι', 'αθηναι', 'Greek with breathings'],
  ['ΟΔΟΣ', 'οδός', 'Greek with a final sigma'],
  ['οδοστρωτήρας', 'ΟΔΟΣ', 'the beginning of a Greek word, typed in capitals'],
  ['ΜΕΣΟΣ', 'σος', 'the end of a Greek word'],
  ['Ёлка', 'елка', 'Cyrillic ё'],
  ['ЙОГУРТ', 'йогурт', 'Cyrillic in capitals'],
  ['买牛奶和面包', '牛奶', 'Chinese, which has no spaces'],
  ['東京タワー', 'タワ', 'Japanese'],
  ['ｶﾞｲﾄﾞ', 'ガイド', 'katakana of half width'],
  ['ＡＢＣ', 'abc', 'letters of full width'],
  ['مُحَمَّد', 'محمد', 'Arabic with harakat'],
  ['كتاب', 'كِتَاب', 'Arabic, harakat typed'],
  ['كـتـاب', 'كتاب', 'Arabic drawn out'],
  ['שָׁלוֹם', 'שלום', 'Hebrew with points'],
  ['ซื้อน้ำ', 'น้ำ', 'Thai'],
  ['खरीदना दूध', 'दूध', 'Hindi'],
  ['한국어', '한국', 'Korean'],
  ['\u1112\u1161\u11ab국', '한국', 'Korean in single letters'],
  ['ﬁle №①', 'file no1', 'ligatures and numbers in circles'],
  ['😀 party', '😀', 'emoji'],
])('%s is found by %s: %s', (text, search) => {
  expect(finds(search, text)).toBe(true);
  expect(finds(search, 'other', `words\n${text} more`)).toBe(true);
});

test.each([
  ['ซือ', 'ซื้อ', 'Thai marks are letters'],
  ['か', 'が', 'so are those of Japanese'],
  ['dam', 'dame', 'more than there is'],
  ['milk', 'mülk', 'another vowel'],
])('%s is not found by %s: %s', (text, search) => {
  expect(finds(search, text)).toBe(false);
});

describe('a search', () => {
  test('is as many patterns as it has different words', () => {
    expect(searchPatterns('  Buy\tmilk \u00a0\u3000buy ')).toEqual(['%buy%', '%milk%']);
    expect([searchPatterns(''), searchPatterns(' \n ')]).toEqual([[], []]);
  });

  test('has no wildcards but its own', () => {
    expect(searchPatterns('100% a_b c\\d')).toEqual(['%100\\%%', '%a\\_b%', '%c\\\\d%']);
    expect(finds('a_b', 'axb')).toBe(false);
    expect(finds('%', 'plain')).toBe(false);
  });

  test('finds nothing across title and description', () => {
    expect(finds('onetwo', 'one', 'two')).toBe(false);
    expect(finds('one two', 'one', 'two')).toBe(true);
  });

  const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });

  test('finds every text by the whole of it, however it is written', () => {
    fc.assert(
      fc.property(text, text, (title, description) => {
        for (const form of ['NFC', 'NFD', 'NFKC', 'NFKD'] as const) {
          expect(finds(title.normalize(form), title, description)).toBe(true);
          expect(finds(description, title, description.normalize(form))).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('finds every letter there is in either case', () => {
    const codePoints = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code));
    const letters = codePoints.filter(
      (letter) => /\p{L}/u.test(letter) && letter.toLowerCase() !== letter.toUpperCase(),
    );
    // The capitals of a few are several letters: ŉ, and Greek ones with a iota below. Those of the oldest Cyrillic books
    // are shared with letters of today.
    const simple = letters.filter(
      (letter) => letter === 'ß' || ([...letter.toUpperCase()].length === 1 && !/[\u1c80-\u1c88]/.test(letter)),
    );
    const unlike = simple.filter(
      (letter) => !finds(letter.toUpperCase(), letter) || !finds(letter, letter.toUpperCase()),
    );
    expect(unlike).toEqual([]);
    expect(simple.length).toBeGreaterThan(2_500);
  });

  test('finds every word of letters by each part of it', () => {
    const word = fc.string({
      unit: fc.constantFrom(...'aZéßİıŁñσςΣάйЁ買茶ギガ한글ا', 'ß'.toUpperCase()),
      minLength: 1,
      maxLength: 8,
    });
    fc.assert(
      fc.property(word, fc.nat(), fc.nat(), (word, from, length) => {
        const letters = [...word];
        const start = from % letters.length;
        const part = letters.slice(start, start + 1 + (length % letters.length)).join('');
        for (const typed of [part, part.toUpperCase(), part.toLowerCase()]) expect(finds(typed, word)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is folded once and for all', () => {
    fc.assert(
      fc.property(text, (title) => {
        expect(foldForSearch(foldForSearch(title))).toBe(foldForSearch(title));
      }),
    );
  });
});
