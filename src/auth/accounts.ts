import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../errors.ts';
import { zoneNamed } from '../graphql/scalars/time-zones.ts';
import type { Client } from '../graphql/server/context.ts';
import { User } from '../users/user.entity.ts';
import type { LoginInput, SignupInput } from './auth.inputs.ts';
import type { AuthPayload } from './auth.payloads.ts';
import type { AuthServices } from './auth-services.ts';
import { SecurityEventKind } from './events/security-event.entity.ts';
import { logEvent, recordEvent } from './events/security-events.ts';
import {
  lockAccount,
  onceDecided,
  passwordChanged,
  requirePassword,
  setPasswordHash,
} from './passwords/credentials.ts';
import { requireUnguessable } from './passwords/password-rules.ts';
import type { Passwords } from './passwords/passwords.ts';
import { openSession } from './sessions/sessions.ts';
import { networkOf } from './throttling/networks.ts';
import { requireUnspent, signUpBudget, spend } from './throttling/throttles.ts';
import { issueTokens } from './tokens/issued-tokens.ts';

/** Makes an account and a first session. Errors: BAD_USER_INPUT, CONFLICT where the address is taken, RATE_LIMITED. */
export async function signUp(services: AuthServices, client: Client, input: SignupInput): Promise<AuthPayload> {
  const { serviceDatabase, passwords, perNetwork, signUpsPerHour, logger } = services;
  const { email, password } = input;
  await requireUnguessable(passwords, password, email, 'password');
  const budget = signUpBudget(networkOf(client.address), signUpsPerHour);
  await requireUnspent(serviceDatabase, [budget]);
  const hash = async () => {
    await spend(serviceDatabase, [budget]);
    return passwords.hash(password);
  };
  const passwordHash = await perNetwork.run(client, () => onceDecided(() => passwords.inTurn(hash)));
  // Nobody chose what a device reports, so that nobody could mend it: an unknown zone is no reason to fail.
  const timeZone = zoneNamed(input.timeZone?.trim() ?? '') ?? 'UTC';
  const user = { id: uuidv7(), email, timeZone, createdAt: new Date() };
  const { sessionId, refreshToken } = await serviceDatabase.change(async (transaction, em) => {
    em.create(User, { ...user, passwordHash });
    await em.flush();
    const session = await openSession(transaction, services, client, user.id);
    await recordEvent(transaction, user.id, SecurityEventKind.SIGNUP, client);
    return session;
  });
  logEvent(logger, SecurityEventKind.SIGNUP, user.id, client);
  const viewer = { ...user, createdAt: user.createdAt.toISOString(), hasOldDueKeys: false, sessionId };
  return issueTokens(services, viewer, refreshToken);
}

/** Opens a session. Errors: INVALID_CREDENTIALS, RATE_LIMITED, SERVICE_UNAVAILABLE. */
export async function logIn(services: AuthServices, client: Client, input: LoginInput): Promise<AuthPayload> {
  // Once more where the hash became another meanwhile: another log-in may have renewed it for the same password.
  const session = (await openAccount(services, client, input)) ?? (await openAccount(services, client, input));
  if (!session) throw passwordChanged();
  logEvent(services.logger, SecurityEventKind.LOGIN, session.user.id, client);
  return session;
}

/** @returns null where the hash that the password matched is no longer the account's */
async function openAccount(services: AuthServices, client: Client, input: LoginInput): Promise<AuthPayload | null> {
  const { serviceDatabase, passwords } = services;
  const account = await requirePassword(services, client, input);
  const renewed = await renewedHash(passwords, input.password, account.passwordHash);
  const session = await serviceDatabase.change(async (transaction) => {
    if (!(await lockAccount(transaction, account))) return null;
    if (renewed !== null) await setPasswordHash(transaction, account.id, renewed);
    await recordEvent(transaction, account.id, SecurityEventKind.LOGIN, client);
    return openSession(transaction, services, client, account.id);
  }, `log-in ${account.id}`);
  return session && issueTokens(services, { ...account, sessionId: session.sessionId }, session.refreshToken);
}

/** The password is at hand only now: the way to give old accounts what a new one has. null: not now, or no need. */
async function renewedHash(passwords: Passwords, password: string, hash: string): Promise<string | null> {
  if (!passwords.isOutdated(hash)) return null;
  return passwords
    .inTurn(() => passwords.hash(password))
    .catch((error: unknown) => {
      // So busy that it has to wait for another log-in; this one need not fail for it.
      if (error instanceof AppError) return null;
      throw error;
    });
}
