import { Field, ID, InputType } from 'type-graphql';
import { withOneDomain } from '../graphql/inputs/email-address.ts';
import { Email, Id } from '../graphql/inputs/field-rules.ts';
import { Normalized } from '../graphql/inputs/input-rules.ts';
import { TimeZone } from '../graphql/scalars/time-scalars.ts';
import { NewPassword, newPasswordRules } from './passwords/password-rules.ts';

@InputType({ description: 'A new account.' })
export class SignupInput {
  @Field(() => String, {
    description:
      'An e-mail address that no other account has, ignoring the case of ASCII letters. Stored as typed, but for a domain beyond ASCII, which is kept as it is looked up.',
  })
  @Email()
  email!: string;

  @Field(() => String, { description: newPasswordRules })
  @NewPassword()
  password!: string;

  @Field(() => TimeZone, {
    nullable: true,
    description: 'The time zone that decides which day it is, as the device reports it. UTC if left out or unknown.',
  })
  timeZone?: string | null;
}

@InputType({ description: 'The credentials of an account.' })
export class LoginInput {
  @Field(() => String, { description: 'The address of the account; the case of ASCII letters does not matter.' })
  @Normalized((text) => withOneDomain(text.trim()))
  email!: string;

  @Field(() => String, { description: 'Its password.' })
  password!: string;
}

@InputType({ description: 'The session to refresh.' })
export class RefreshSessionInput {
  @Field(() => String, { description: 'The newest refresh token of the session. It can be used once.' })
  refreshToken!: string;
}

@InputType({ description: 'The session to end.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'The id of one of your sessions.' })
  @Id()
  id!: string;
}

@InputType({ description: 'A new password.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The current password.' })
  currentPassword!: string;

  @Field(() => String, { description: newPasswordRules })
  @NewPassword()
  newPassword!: string;
}

@InputType({ description: 'Confirms the deletion of the account.' })
export class DeleteAccountInput {
  @Field(() => String, { description: 'The password of the account.' })
  password!: string;
}
