import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../database/database.ts';
import { AppError, ErrorCode } from '../errors.ts';
import { requireZone } from '../users/time-zone.ts';
import { User } from '../users/user.entity.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { LoginInput, SignupInput } from './auth.inputs.ts';
import type { Passwords } from './passwords.ts';
import { dropExpiredSessions, openSession } from './sessions.ts';

/** What the two ways into an account need. */
export interface Doors {
  readonly database: Database;
  readonly tokens: AccessTokens;
  readonly passwords: Passwords;
}

/** An open session: its user and the access token that names it. */
export interface SignedIn {
  readonly user: Pick<User, 'id' | 'email' | 'timeZone'> & { readonly createdAt: Date | string };
  readonly accessToken: string;
}

/** Makes an account and a first session. Errors: CONFLICT where the address is taken. */
export async function signUp({ database, tokens, passwords }: Doors, input: SignupInput): Promise<SignedIn> {
  const passwordHash = await passwords.hash(input.password);
  const createdAt = new Date();
  return database.change(async (em, transaction) => {
    const timeZone = input.timeZone ?? 'UTC';
    if (timeZone !== 'UTC') await requireZone(transaction, timeZone);
    const user = em.create(User, { id: uuidv7(), email: input.email, passwordHash, timeZone, createdAt });
    const session = openSession(em, user.id, tokens.lifetime);
    return { user, accessToken: tokens.issue(user, session.id) };
  });
}

/**
 * Opens a session. Errors: INVALID_CREDENTIALS, the same for an unknown address and a wrong password, after the same
 * statements and the same hash: neither the answer nor its time tells which addresses have an account.
 */
export async function logIn({ database, tokens, passwords }: Doors, input: LoginInput): Promise<SignedIn> {
  const user = await findByEmail(database, input.email);
  const isMatch = await passwords.matches(input.password, user?.passwordHash ?? null);
  if (!user || !isMatch) {
    throw new AppError(ErrorCode.INVALID_CREDENTIALS, 'The e-mail address or the password is not right.');
  }
  return database.change(async (em) => {
    await dropExpiredSessions(em, user.id);
    const session = openSession(em, user.id, tokens.lifetime);
    return { user, accessToken: tokens.issue(user, session.id) };
  });
}

async function findByEmail(database: Database, email: string) {
  const [row] = await database.read(
    'user by e-mail',
    (values) =>
      database.build
        .selectFrom('user')
        .where(sql`lower(email collate "C")`, '=', sql`lower(${values.email}::text collate "C")`)
        .select(['id', 'email', 'time_zone as timeZone', 'password_hash as passwordHash', 'created_at as createdAt']),
    { email },
  );
  return row;
}
