import { Field, InputType } from 'type-graphql';
import { Email } from '../../graphql/inputs/field-rules.ts';
import { NewPassword, newPasswordRules } from '../passwords/password-rules.ts';

@InputType({ description: 'Whose password to reset.' })
export class RequestPasswordResetInput {
  @Field(() => String, { description: 'The address of the account; the case of ASCII letters does not matter.' })
  @Email()
  email!: string;
}

@InputType({ description: 'A new password, for someone who does not know the old one.' })
export class ResetPasswordInput {
  @Field(() => String, { description: 'The token from the link in the mail. It works once, for 30 minutes.' })
  token!: string;

  @Field(() => String, { description: newPasswordRules })
  @NewPassword()
  newPassword!: string;
}

@InputType({ description: 'Proves that mail to your address arrives.' })
export class VerifyEmailInput {
  @Field(() => String, { description: 'The token from the link in the mail. It works once, for 24 hours.' })
  token!: string;
}

@InputType({ description: 'A new address for your account.' })
export class RequestEmailChangeInput {
  @Field(() => String, { description: 'An e-mail address that no other account has. Stored as typed.' })
  @Email()
  newEmail!: string;

  @Field(() => String, { description: 'The password of your account.' })
  password!: string;
}

@InputType({ description: 'Proves that mail to the new address arrives.' })
export class ConfirmEmailChangeInput {
  @Field(() => String, { description: 'The token from the link in the mail. It works once, for 24 hours.' })
  token!: string;
}
