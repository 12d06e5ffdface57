import { badUserInput } from '../../errors.ts';
import { Rule, Rules } from '../../graphql/inputs/input-rules.ts';
import { productName } from '../../product-name.ts';
import type { Passwords } from './passwords.ts';

/** bcrypt ignores all further bytes: a longer password cannot be chosen, and never matches. */
export const maximumPasswordBytes = 72;
/** In code points, as NIST SP 800-63B 5.1.1.2 counts: in bytes, two emoji would be enough. */
const minimumPasswordCharacters = 8;

/** Every input rejects NUL and lone surrogates, which bcrypt would truncate or confuse. */
export function NewPassword(): PropertyDecorator {
  const tooShort = `The password is too short: at least ${minimumPasswordCharacters} characters.`;
  const tooLong = `The password is too long: at most ${maximumPasswordBytes} bytes, where é takes 2 and 😀 takes 4.`;
  return Rules(
    Rule('TOO_SHORT', tooShort, (value) => Array.from(String(value)).length >= minimumPasswordCharacters),
    Rule('TOO_LONG', tooLong, (value) => Buffer.byteLength(String(value)) <= maximumPasswordBytes),
  );
}

export const newPasswordRules =
  'At least 8 characters and at most 72 bytes in UTF-8; not a very common password, and not the e-mail address.';

/**
 * Rejects the 49,000 most common leaked passwords, the name of the product, and the account's address, whole or up to the @.
 * Errors: BAD_USER_INPUT. @param field the input field that holds the password
 */
export async function requireStrongPassword(
  passwords: Passwords,
  password: string,
  email: string,
  field: string,
): Promise<void> {
  const path = ['input', field];
  const [typed, address] = [password.toLowerCase(), email.toLowerCase()];
  if (typed === address || typed === address.slice(0, address.lastIndexOf('@'))) {
    const message = 'The password cannot be your e-mail address. Choose one that is hard to guess.';
    throw badUserInput([{ path, code: 'SAME_AS_EMAIL', message }]);
  }
  if (isProductName(password) || (await passwords.isCommon(password))) {
    const message = 'This password is too common. Choose one that is hard to guess.';
    throw badUserInput([{ path, code: 'TOO_COMMON', message }]);
  }
}

/** Whether the password has no letters but those of the product's name: that is tried first here, and no list has it. */
function isProductName(password: string): boolean {
  const letters = lettersOf(password);
  return letters !== '' && letters.replaceAll(lettersOf(productName), '') === '';
}

const lettersOf = (text: string): string => text.toLowerCase().replace(/\P{L}/gu, '');
