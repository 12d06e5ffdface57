import bcrypt from 'bcrypt';
import { expect, test } from 'vitest';
import { Passwords } from '../../src/auth/passwords/passwords.ts';
import { readBcryptHash } from '../../src/commands/bcrypt-hash.ts';

const password = 'correct horse';
const hash = bcrypt.hashSync(password, 4);
const passwords = new Passwords(4, 2);

function accepted(value: unknown): string {
  const read = readBcryptHash(value);
  if ('problem' in read) throw new Error(read.problem);
  return read.hash;
}

test.each(['2a', '2b', '2y'])('a hash of version %s matches its password, and no other', async (version) => {
  const read = accepted(hash.replace('$2b$', `$${version}$`));
  expect(await passwords.matches(password, read)).toBe(true);
  expect(await passwords.matches('another one', read)).toBe(false);
});

test('a hash with stray bits at the end of its salt matches after normalization', async () => {
  // Of the salt's last character two bits count, of the hash's last one four; here the others are set.
  const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const withBits = (character = '', bits: number) => alphabet.charAt(alphabet.indexOf(character) | bits);
  const stray = hash.slice(0, 28) + withBits(hash[28], 0b1111) + hash.slice(29, 59) + withBits(hash[59], 0b11);
  expect(stray).toHaveLength(60);
  expect(stray).not.toBe(hash);
  expect(await passwords.matches(password, stray)).toBe(false);
  expect(accepted(stray)).toBe(hash);
});

test.each([
  [undefined, 'There is no password hash.'],
  [null, 'There is no password hash.'],
  ['', 'There is no password hash.'],
  ['correct horse', 'not bcrypt'],
  [hash.replace('$2b$', '$2x$'), 'not bcrypt'],
  [hash.slice(0, -1), 'not bcrypt'],
  [`${hash}.`, 'not bcrypt'],
  [`${hash}\n`, 'not bcrypt'],
  [`${hash.slice(0, -1)}\0`, 'not bcrypt'],
  [42, 'not bcrypt'],
  ['$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA', 'not bcrypt'],
  [hash.replace('$04$', '$03$'), 'has cost 3'],
  [hash.replace('$04$', '$17$'), 'has cost 17'],
])('%j is refused', (value, problem) => {
  expect(readBcryptHash(value)).toEqual({ problem: expect.stringContaining(problem) });
});
