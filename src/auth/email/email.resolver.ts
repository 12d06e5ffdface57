import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { Context } from '../../graphql/server/context.ts';
import { SuccessPayload } from '../auth.payloads.ts';
import type { AuthServices } from '../auth-services.ts';
import { RequestPasswordResetInput, ResetPasswordInput } from './email.inputs.ts';
import { requestPasswordReset, resetPassword } from './reset-password.ts';

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
}
