import { expect, test } from 'vitest';
import { familyOf, RefreshTokens } from '../../src/auth/tokens/refresh-tokens.ts';

const tokens = new RefreshTokens('Zk3vQ8sT1xWcR7yBn5mLp0aHd9fGj2eU', null);
const samples = 500;

/** How often each bit is set among some texts of equal length in base64url. */
function countBits(texts: readonly string[]): number[] {
  const all = texts.map((each) => Buffer.from(each, 'base64url'));
  const bits = Array.from({ length: (all[0]?.length ?? 0) * 8 }, (_, index) => index);
  return bits.map((bit) => all.filter((bytes) => ((bytes[bit >> 3] ?? 0) >> (bit & 7)) & 1).length);
}

/** Half of the samples, within nine standard deviations. */
function expectRandom(counts: readonly number[]): void {
  expect(Math.min(...counts)).toBeGreaterThan(150);
  expect(Math.max(...counts)).toBeLessThan(350);
}

test('the first refresh token of a session has 384 random bits, and no two are the same', () => {
  const made = Array.from({ length: samples }, () => tokens.first());
  expect(new Set(made).size).toBe(samples);
  expect(made.every((token) => /^tqr_[\w-]{65}$/.test(token))).toBe(true);
  const family = countBits(made.map((token) => token.slice(4, 26)));
  const own = countBits(made.map((token) => token.slice(26)));
  expect([family.length, own.length]).toEqual([128, 256]);
  expectRandom([...family, ...own]);
});

test('each next one has 256 bits that nothing shows without the secret', () => {
  const chain = [tokens.first()];
  while (chain.length < samples) chain.push(tokens.next(chain.at(-1) ?? ''));
  expect(new Set(chain).size).toBe(samples);
  expect(new Set(chain.map(familyOf)).size).toBe(1);
  const own = countBits(chain.map((token) => token.slice(26)));
  expect(own).toHaveLength(256);
  expectRandom(own);
  const other = new RefreshTokens('another secret: 9sKq2vT7bXw4LmZ1', null);
  expect(other.next(chain[0] ?? '')).not.toBe(chain[1]);
});
