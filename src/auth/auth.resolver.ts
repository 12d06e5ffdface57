import { Arg, Authorized, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/server/context.ts';
import { changePassword, deleteAccount } from './account-settings.ts';
import { logIn, signUp } from './accounts.ts';
import {
  ChangePasswordInput,
  DeleteAccountInput,
  LoginInput,
  RefreshSessionInput,
  SignupInput,
} from './auth.inputs.ts';
import { AuthPayload, SuccessPayload } from './auth.payloads.ts';
import type { AuthServices } from './auth-services.ts';
import { refreshSession } from './sessions/refresh-session.ts';

@Resolver()
export class AuthResolver {
  constructor(private readonly services: AuthServices) {}

  @Query(() => Boolean, { description: 'Whether this server creates accounts by `signup`. Needs no log-in.' })
  signupEnabled(): boolean {
    return this.services.signupEnabled;
  }

  @Query(() => Boolean, {
    description: 'Whether this server sends mail; otherwise no password can be reset by its owner. Needs no log-in.',
  })
  mailEnabled(): boolean {
    return this.services.accountMail !== null;
  }

  @Mutation(() => AuthPayload, {
    nullable: true,
    description: 'Creates an account and logs in. SIGNUP_DISABLED, CONFLICT, RATE_LIMITED.',
  })
  async signup(
    @Arg('input', () => SignupInput, { description: 'The account.' }) input: SignupInput,
    @Ctx() { client }: Context,
  ): Promise<AuthPayload> {
    return signUp(this.services, client, input);
  }

  @Mutation(() => AuthPayload, {
    nullable: true,
    description: 'Logs in. INVALID_CREDENTIALS, ACCOUNT_DISABLED, RATE_LIMITED.',
  })
  async login(
    @Arg('input', () => LoginInput, { description: 'The credentials.' }) input: LoginInput,
    @Ctx() { client }: Context,
  ): Promise<AuthPayload> {
    return logIn(this.services, client, input);
  }

  @Mutation(() => AuthPayload, {
    nullable: true,
    description:
      'Exchanges a refresh token for new tokens. Send no Authorization header: its token may have expired. Using a refresh token twice ends its session, unless the same client repeats the call within 30 seconds. INVALID_CREDENTIALS, RATE_LIMITED.',
  })
  async refreshSession(
    @Arg('input', () => RefreshSessionInput, { description: 'The session.' }) { refreshToken }: RefreshSessionInput,
    @Ctx() { client }: Context,
  ): Promise<AuthPayload> {
    return refreshSession(this.services, client, refreshToken);
  }

  @Authorized()
  @Mutation(() => AuthPayload, {
    nullable: true,
    description:
      'Changes the password and ends every session. The tokens returned are those of a new session. INVALID_CREDENTIALS, RATE_LIMITED.',
  })
  async changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'Both passwords.' }) input: ChangePasswordInput,
    @Ctx() context: Context,
  ): Promise<AuthPayload> {
    return changePassword(this.services, context, input);
  }

  @Authorized()
  @Mutation(() => SuccessPayload, {
    nullable: true,
    description: 'Permanently deletes the account and everything it owns. INVALID_CREDENTIALS, RATE_LIMITED.',
  })
  async deleteAccount(
    @Arg('input', () => DeleteAccountInput, { description: 'The password.' }) { password }: DeleteAccountInput,
    @Ctx() context: Context,
  ): Promise<SuccessPayload> {
    await deleteAccount(this.services, context, password);
    return { success: true };
  }
}
