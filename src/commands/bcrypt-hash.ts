// Version, cost, and 22 + 31 characters of bcrypt's own base 64.
const pattern = /^\$2([aby])\$(\d\d)\$([./A-Za-z0-9]{53})$/;

/** The same maximum as for BCRYPT_COST: one more, and each log-in attempt would occupy a core for ten seconds. */
const maximumCost = 16;

const alphabet = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Normalizes a hash of passlib, PHP or another bcrypt. @returns a problem if it cannot be used */
export function readBcryptHash(value: unknown): { readonly hash: string } | { readonly problem: string } {
  if (value === undefined || value === null || value === '') return { problem: 'There is no password hash.' };
  const [, version, cost = '', body = ''] = pattern.exec(String(value)) ?? [];
  if (version === undefined) return { problem: 'The password hash is not bcrypt ($2a$, $2b$ or $2y$).' };
  if (Number(cost) < 4 || Number(cost) > maximumCost) {
    return { problem: `The password hash has cost ${Number(cost)}; it can be 4 to ${maximumCost}.` };
  }
  // $2y$ is PHP's name for what is $2b$ everywhere else. Old versions of passlib left stray bits at the end of the salt
  // (128 bits in 132), which our comparison, being one of texts, would take for another salt; so with the hash (184 in 186).
  const salt = body.slice(0, 21) + withoutLowBits(body.charAt(21), 4);
  const digest = body.slice(22, 52) + withoutLowBits(body.charAt(52), 2);
  return { hash: `$2${version === 'y' ? 'b' : version}$${cost}$${salt}${digest}` };
}

function withoutLowBits(character: string, count: number): string {
  return alphabet.charAt((alphabet.indexOf(character) >> count) << count);
}
