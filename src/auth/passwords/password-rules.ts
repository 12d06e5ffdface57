import { badUserInput } from '../../errors.ts';
import { Rule, Rules } from '../../graphql/inputs/input-rules.ts';
import type { Passwords } from './passwords.ts';

/** bcrypt ignores all further bytes: a longer password cannot be chosen, and never matches. */
export const maximumPasswordBytes = 72;
const minimumPasswordBytes = 8;

/** Every input rejects NUL and lone surrogates, which bcrypt would truncate or confuse. */
export function NewPassword(): PropertyDecorator {
  const tooShort = `The password is too short: at least ${minimumPasswordBytes} characters.`;
  const tooLong = `The password is too long: at most ${maximumPasswordBytes} bytes, where é takes 2 and 😀 takes 4.`;
  return Rules(
    Rule('TOO_SHORT', tooShort, (value) => Buffer.byteLength(String(value)) >= minimumPasswordBytes),
    Rule('TOO_LONG', tooLong, (value) => Buffer.byteLength(String(value)) <= maximumPasswordBytes),
  );
}

export const newPasswordRules = '8 to 72 bytes in UTF-8; not a very common password, and not the e-mail address.';

/**
 * Rejects the 49,000 most common leaked passwords, and the account's address, whole or up to the @.
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
  if (await passwords.isCommon(password)) {
    const message = 'This password is too common. Choose one that is hard to guess.';
    throw badUserInput([{ path, code: 'TOO_COMMON', message }]);
  }
}
