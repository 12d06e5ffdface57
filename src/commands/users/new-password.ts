import 'reflect-metadata';
import { SignupInput } from '../../auth/auth.inputs.ts';
import { requireStrongPassword } from '../../auth/passwords/password-rules.ts';
import { Passwords } from '../../auth/passwords/passwords.ts';
import type { Config } from '../../config.ts';
import { AppError, StartError } from '../../errors.ts';
import { checkRules } from '../../graphql/inputs/input-rules.ts';
import { readPassword } from './read-password.ts';

/** Reads a password for an account, and hashes it. @throws StartError if sign-up would reject it */
export async function hashNewPassword(config: Config, email: string): Promise<string> {
  const passwords = new Passwords(config.bcryptCost, config.bcryptAtOnce);
  const { password } = requireValid({ password: await readPassword() });
  await requireStrongPassword(passwords, password, email, 'password').catch(refuse);
  return passwords.hash(password);
}

/** Applies the rules of sign-up. @returns the values, normalized @throws StartError */
export function requireValid<Fields extends Partial<SignupInput>>(fields: Fields): Fields {
  const input = Object.assign(new SignupInput(), fields);
  try {
    checkRules(input, { args: { input } });
  } catch (error) {
    refuse(error);
  }
  return input;
}

function refuse(error: unknown): never {
  throw error instanceof AppError ? new StartError(`${error.message}\nNothing was changed.`) : error;
}
