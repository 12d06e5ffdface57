import { badUserInput } from '../../errors.ts';
import type { Passwords } from './passwords.ts';

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
