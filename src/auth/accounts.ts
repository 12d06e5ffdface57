import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../errors.ts';
import type { Client } from '../graphql/context.ts';
import { zoneNamed } from '../graphql/time-zones.ts';
import { User } from '../users/user.entity.ts';
import type { LoginInput, SignupInput } from './auth.inputs.ts';
import { lockAccount, onceDecided, passwordChanged, requirePassword, setPasswordHash } from './credentials.ts';
import type { Doors } from './doors.ts';
import { networkOf } from './networks.ts';
import { requireUnguessable } from './password-rules.ts';
import type { Passwords } from './passwords.ts';
import { SecurityEventKind } from './security-event.entity.ts';
import { logEvent, recordEvent } from './security-events.ts';
import { openSession } from './sessions.ts';
import { type SignedIn, signedIn } from './signed-in.ts';
import { requireUnspent, signUpBudget, spend } from './throttles.ts';

/** Makes an account and a first session. Errors: BAD_USER_INPUT, CONFLICT where the address is taken, RATE_LIMITED. */
export async function signUp(doors: Doors, client: Client, input: SignupInput): Promise<SignedIn> {
  const { database, passwords, refreshTokens, lifetimes, shares, logger } = doors;
  await requireUnguessable(passwords, input.password, input.email, 'password');
  const budget = signUpBudget(networkOf(client.address), doors.signUpsPerHour);
  await requireUnspent(database, [budget]);
  const passwordHash = await shares.take(client, () =>
    onceDecided(() =>
      passwords.inTurn(async () => {
        await spend(database, [budget]);
        return passwords.hash(input.password);
      }),
    ),
  );
  const refreshToken = refreshTokens.first();
  const user = await database.asService.change(async (transaction, em) => {
    // Nobody chose what a device reports, so that nobody could mend it: an unknown zone is no reason to fail.
    const timeZone = zoneNamed(input.timeZone?.trim() ?? '') ?? 'UTC';
    const createdAt = new Date();
    const made = em.create(User, { id: uuidv7(), email: input.email, passwordHash, timeZone, createdAt });
    await em.flush();
    const sessionId = await openSession(transaction, made.id, client, refreshToken, lifetimes);
    await recordEvent(transaction, made.id, SecurityEventKind.SIGNUP, client);
    return { id: made.id, email: made.email, timeZone, createdAt, sessionId };
  });
  logEvent(logger, SecurityEventKind.SIGNUP, user.id, client);
  return signedIn(doors, user, refreshToken);
}

/** Opens a session. Errors: INVALID_CREDENTIALS, RATE_LIMITED, SERVICE_UNAVAILABLE. */
export async function logIn(doors: Doors, client: Client, input: LoginInput): Promise<SignedIn> {
  // Once more where the hash became another meanwhile: another log-in may have renewed it for the same password.
  const session = (await openAccount(doors, client, input)) ?? (await openAccount(doors, client, input));
  if (!session) throw passwordChanged();
  logEvent(doors.logger, SecurityEventKind.LOGIN, session.user.id, client);
  return session;
}

/** @returns null where the hash that the password matched is no longer the account's */
async function openAccount(doors: Doors, client: Client, input: LoginInput): Promise<SignedIn | null> {
  const { database, passwords, refreshTokens, lifetimes } = doors;
  const account = await requirePassword(doors, client, input);
  const renewed = await renewedHash(passwords, input.password, account.passwordHash);
  const refreshToken = refreshTokens.first();
  const sessionId = await database.asService.change(async (transaction) => {
    if (!(await lockAccount(transaction, account))) return null;
    if (renewed !== null) await setPasswordHash(transaction, account.id, renewed);
    await recordEvent(transaction, account.id, SecurityEventKind.LOGIN, client);
    return openSession(transaction, account.id, client, refreshToken, lifetimes);
  }, `log-in ${account.id}`);
  return sessionId === null ? null : signedIn(doors, { ...account, sessionId }, refreshToken);
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
