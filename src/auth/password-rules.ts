import { dictionary } from '@zxcvbn-ts/language-common';
import { badUserInput } from '../errors.ts';

const common: ReadonlySet<string> = new Set(dictionary['passwords-common']);

/** Whether a password is among the 49,000 that leaks hold most often, in any case: the first ones that are guessed. */
export function isCommon(password: string): boolean {
  return common.has(password.toLowerCase());
}

/**
 * Refuses the address of the account, or its first part, as a password: the next thing that is guessed. Errors:
 * BAD_USER_INPUT.
 */
export function requireOtherThanAddress(password: string, email: string, field: string): void {
  const tried = password.toLowerCase();
  const address = email.toLowerCase();
  if (tried !== address && tried !== address.slice(0, address.lastIndexOf('@'))) return;
  const message = 'The password cannot be your e-mail address. Choose one that nobody can guess.';
  throw badUserInput([{ path: ['input', field], code: 'SAME_AS_EMAIL', message }]);
}
