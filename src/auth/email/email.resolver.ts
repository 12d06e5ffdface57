import { Arg, Authorized, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/server/context.ts';
import { SuccessPayload } from '../auth.payloads.ts';
import type { AuthServices } from '../auth-services.ts';
import { confirmEmailChange, requestEmailChange } from './change-email.ts';
import {
  ConfirmEmailChangeInput,
  RequestEmailChangeInput,
  RequestPasswordResetInput,
  ResetPasswordInput,
  VerifyEmailInput,
} from './email.inputs.ts';
import { requestPasswordReset, resetPassword } from './reset-password.ts';
import { sendVerificationEmail, verifyEmail } from './verify-email.ts';

@Resolver()
export class EmailResolver {
  constructor(private readonly services: AuthServices) {}

  @Mutation(() => SuccessPayload, {
    nullable: true,
    description:
      'Mails a link for a new password, if there is an account with this address. Whether there is one, neither the response nor its timing shows. RATE_LIMITED, SERVICE_UNAVAILABLE if this server sends no mail.',
  })
  async requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput, { description: 'The address.' }) input: RequestPasswordResetInput,
    @Ctx() { client }: Context,
  ): Promise<SuccessPayload> {
    await requestPasswordReset(this.services, client, input);
    return { success: true };
  }

  @Mutation(() => SuccessPayload, {
    nullable: true,
    description: 'Sets a new password with the token of a mail, and ends every session. INVALID_CREDENTIALS.',
  })
  async resetPassword(
    @Arg('input', () => ResetPasswordInput, { description: 'Token and password.' }) input: ResetPasswordInput,
    @Ctx() { client }: Context,
  ): Promise<SuccessPayload> {
    await resetPassword(this.services, client, input);
    return { success: true };
  }

  @Authorized()
  @Mutation(() => SuccessPayload, {
    nullable: true,
    description:
      'Mails you a link to confirm your address, as sign-up does. Changes nothing if it is confirmed. RATE_LIMITED, SERVICE_UNAVAILABLE if this server sends no mail.',
  })
  async sendVerificationEmail(@Ctx() context: Context): Promise<SuccessPayload> {
    await sendVerificationEmail(this.services, context);
    return { success: true };
  }

  @Mutation(() => SuccessPayload, {
    nullable: true,
    description: 'Confirms an address with the token of a mail. INVALID_CREDENTIALS.',
  })
  async verifyEmail(
    @Arg('input', () => VerifyEmailInput, { description: 'The token.' }) { token }: VerifyEmailInput,
    @Ctx() { client }: Context,
  ): Promise<SuccessPayload> {
    await verifyEmail(this.services, client, token);
    return { success: true };
  }

  @Authorized()
  @Mutation(() => SuccessPayload, {
    nullable: true,
    description:
      'Mails a link to a new address, and a notice to the present one. If another account has the new address, its owner gets a mail instead, and the response is the same. INVALID_CREDENTIALS, RATE_LIMITED, SERVICE_UNAVAILABLE if this server sends no mail.',
  })
  async requestEmailChange(
    @Arg('input', () => RequestEmailChangeInput, { description: 'The new address.' }) input: RequestEmailChangeInput,
    @Ctx() context: Context,
  ): Promise<SuccessPayload> {
    await requestEmailChange(this.services, context, input);
    return { success: true };
  }

  @Mutation(() => SuccessPayload, {
    nullable: true,
    description:
      'Changes the address to the one that the token was mailed to. Sessions stay. INVALID_CREDENTIALS, CONFLICT if another account has the address by now.',
  })
  async confirmEmailChange(
    @Arg('input', () => ConfirmEmailChangeInput, { description: 'The token.' }) { token }: ConfirmEmailChangeInput,
    @Ctx() { client }: Context,
  ): Promise<SuccessPayload> {
    await confirmEmailChange(this.services, client, token);
    return { success: true };
  }
}
