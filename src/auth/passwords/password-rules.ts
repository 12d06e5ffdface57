import { badUserInput } from '../../errors.ts';
import type { Passwords } from './passwords.ts';

/**
 * Refuses the 49,000 passwords that leaks hold most often, and the account's address, whole or up to the @.
 * Errors: BAD_USER_INPUT. @param field of the input that it came in
 */
export async function requireUnguessable(
  passwords: Passwords,
  password: string,
  email: string,
  field: string,
): Promise<void> {
  const path = ['input', field];
  const [typed, address] = [password.toLowerCase(), email.toLowerCase()];
  if (typed === address || typed === address.slice(0, address.lastIndexOf('@'))) {
    const message = 'The password cannot be your e-mail address. Choose one that nobody can guess.';
    throw badUserInput([{ path, code: 'SAME_AS_EMAIL', message }]);
  }
  if (await passwords.isCommon(password)) {
    const message = 'This password is one of those that are guessed first. Choose one that only you would think of.';
    throw badUserInput([{ path, code: 'TOO_COMMON', message }]);
  }
}
