import jwt from 'jsonwebtoken';
import { email, sessionId, userId } from './data.ts';

/** An access token as todoql issues them (src/auth/tokens/access-tokens.ts), for a session that the data holds. */
export function tokenOf(secret: string, user: number, session: string = sessionId(user)): string {
  return jwt.sign({ email: email(user), sid: session }, secret, {
    algorithm: 'HS256',
    issuer: 'todoql',
    audience: 'todoql',
    subject: userId(user),
    expiresIn: '7d',
  });
}
