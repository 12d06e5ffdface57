import bcrypt from 'bcrypt';
import { sideEffect } from 'postgraphile/grafast';
import { extendSchema, gql } from 'postgraphile/utils';
import { v7 as uuidv7 } from 'uuid';
import { query } from '../support/pool.ts';
import { lifetime, type Tokens } from '../support/tokens.ts';

interface Credentials {
  readonly email: string;
  readonly password: string;
}

/** Logging in, which the database cannot do: it has no bcrypt that stands beside Node's. */
export function loginPlugin(tokens: Tokens) {
  return extendSchema({
    typeDefs: gql`
      input LoginInput { email: String! password: String! }
      type Account { id: ID! email: String! }
      type AuthPayload { accessToken: String! user: Account! }
      extend type Mutation { login(input: LoginInput!): AuthPayload }
    `,
    objects: {
      Mutation: {
        plans: {
          login: (_: unknown, args: { getRaw(name: string): Parameters<typeof sideEffect>[0] }) =>
            sideEffect(args.getRaw('input'), (input) => logIn(tokens, input as Credentials)),
        },
      },
    },
  });
}

async function logIn(tokens: Tokens, { email, password }: Credentials) {
  const [user] = await query<{ id: string; email: string; password_hash: string }>(
    'login',
    `select id, email, password_hash from "user" where lower(email collate "C") = lower($1 collate "C")`,
    [email],
  );
  if (!user || !(await bcrypt.compare(password, user.password_hash))) throw new Error('These are not right.');
  const sessionId = uuidv7();
  await query(
    'session',
    `insert into session (user_id, id, created_at, expires_at)
     values ($1, $2, now(), now() + $3 * interval '1 second')`,
    [user.id, sessionId, lifetime],
  );
  return { accessToken: tokens.sign(user, sessionId), user: { id: user.id, email: user.email } };
}
