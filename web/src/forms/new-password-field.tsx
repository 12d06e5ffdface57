import { PasswordField } from './password-field.tsx';
import { limits } from './text-limits.ts';

/** The password that takes the place of another one. */
export function NewPasswordField({ problem }: { problem: string | undefined }) {
  return (
    <PasswordField
      label="New password"
      name="newPassword"
      autoComplete="new-password"
      hint="At least 8 characters."
      limit={limits.password}
      problem={problem}
    />
  );
}
