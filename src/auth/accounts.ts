import { v7 as uuidv7 } from 'uuid';
import { AppError, ErrorCode } from '../errors.ts';
import { normalizeTimeZone } from '../graphql/scalars/time-zones.ts';
import type { Client } from '../graphql/server/context.ts';
import { networkOf } from '../graphql/server/networks.ts';
import { UserChange } from '../records/user-change.entity.ts';
import { User } from '../users/user.entity.ts';
import { viewerColumns } from '../users/viewer-columns.ts';
import type { LoginInput, SignupInput } from './auth.inputs.ts';
import type { AuthPayload } from './auth.payloads.ts';
import type { AuthServices } from './auth-services.ts';
import { notifyOfNewDevice } from './email/notify.ts';
import { SecurityEventKind } from './events/security-event.entity.ts';
import { logEvent, recordEvent } from './events/security-events.ts';
import {
  lockAccount,
  passwordChanged,
  requirePassword,
  retryWhileUndecided,
  setPasswordHash,
} from './passwords/credentials.ts';
import { requireStrongPassword } from './passwords/password-rules.ts';
import type { Passwords } from './passwords/passwords.ts';
import { openSession } from './sessions/sessions.ts';
import { signUpBudget, verificationBudget } from './throttling/budgets.ts';
import { countAttempt, countIfLeft, requireAttemptsLeft } from './throttling/throttles.ts';
import { issueTokens } from './tokens/issued-tokens.ts';

/**
 * Creates an account and its first session. Errors: SIGNUP_DISABLED, BAD_USER_INPUT, CONFLICT if the address is taken,
 * RATE_LIMITED.
 */
export async function signUp(services: AuthServices, client: Client, input: SignupInput): Promise<AuthPayload> {
  const { serviceDatabase, passwords, perNetwork, signupEnabled, signUpsPerHour, jobs, accountMail, logger } = services;
  if (!signupEnabled) throw signupDisabled();
  const { email, password } = input;
  await requireStrongPassword(passwords, password, email, 'password');
  const budget = signUpBudget(networkOf(client.address), signUpsPerHour);
  await requireAttemptsLeft(serviceDatabase, [budget]);
  const hash = async () => {
    await countAttempt(serviceDatabase, [budget]);
    return passwords.hash(password);
  };
  const passwordHash = await perNetwork.run(client, () => retryWhileUndecided(() => passwords.inTurn(hash)));
  // The device reports the zone, and the user could not correct it: an unknown one must not fail the sign-up.
  const timeZone = normalizeTimeZone(input.timeZone?.trim() ?? '') ?? 'UTC';
  const user = { id: uuidv7(), email, timeZone, createdAt: new Date() };
  const { viewer, refreshToken } = await serviceDatabase.change(async (transaction, em) => {
    em.create(UserChange, { user: em.create(User, { ...user, passwordHash }), revision: '0' });
    await em.flush();
    const users = transaction.selectFrom('user').where('id', '=', user.id).select(viewerColumns(em.getMetadata()));
    const stored = await users.executeTakeFirstOrThrow();
    const { sessionId, refreshToken } = await openSession(transaction, services, client, user.id);
    await recordEvent(transaction, user.id, SecurityEventKind.SIGNUP, client);
    // Only a sign-up that succeeds counts. It does not fail for too many mails.
    const isMailed = accountMail !== null && (await countIfLeft(transaction, verificationBudget(email)));
    if (isMailed) await jobs.enqueue(transaction, accountMail.verifyEmail, { user: user.id });
    return { viewer: { ...stored, createdAt: user.createdAt.toISOString(), sessionId }, refreshToken };
  });
  logEvent(logger, SecurityEventKind.SIGNUP, user.id, client);
  return issueTokens(services, viewer, refreshToken);
}

function signupDisabled(): AppError {
  const message = 'Sign-up is turned off on this server. Ask its operator for an account.';
  return new AppError(ErrorCode.SIGNUP_DISABLED, message);
}

/** Opens a session. Errors: INVALID_CREDENTIALS, ACCOUNT_DISABLED, RATE_LIMITED, SERVICE_UNAVAILABLE. */
export async function logIn(services: AuthServices, client: Client, input: LoginInput): Promise<AuthPayload> {
  // Retried once if the hash has changed meanwhile: a concurrent log-in may have upgraded it for the same password.
  const session = (await openAccount(services, client, input)) ?? (await openAccount(services, client, input));
  if (!session) throw passwordChanged();
  logEvent(services.logger, SecurityEventKind.LOGIN, session.user.id, client);
  return session;
}

/** @returns null if the account's hash has changed since the password was compared with it */
async function openAccount(services: AuthServices, client: Client, input: LoginInput): Promise<AuthPayload | null> {
  const { serviceDatabase, passwords } = services;
  const account = await requirePassword(services, client, input);
  const renewed = await renewedHash(passwords, input.password, account.passwordHash);
  const session = await serviceDatabase.change(async (transaction) => {
    if (!(await lockAccount(transaction, account))) return null;
    if (renewed !== null) await setPasswordHash(transaction, account.id, renewed);
    await notifyOfNewDevice(services, transaction, client, account);
    await recordEvent(transaction, account.id, SecurityEventKind.LOGIN, client);
    return openSession(transaction, services, client, account.id);
  }, `log-in ${account.id}`);
  return session && issueTokens(services, { ...account, sessionId: session.sessionId }, session.refreshToken);
}

/** A hash at the current cost, if the stored one is weaker: only a log-in has the password. null: no need, or too busy. */
async function renewedHash(passwords: Passwords, password: string, hash: string): Promise<string | null> {
  if (!passwords.isOutdated(hash)) return null;
  return passwords
    .inTurn(() => passwords.hash(password))
    .catch((error: unknown) => {
      // Too busy: a later log-in will upgrade it.
      if (error instanceof AppError) return null;
      throw error;
    });
}
