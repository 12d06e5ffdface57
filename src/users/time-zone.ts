import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { badUserInput } from '../errors.ts';

/**
 * A zone that both Node.js and PostgreSQL know: their copies of the IANA database are of different ages.
 * @throws AppError BAD_USER_INPUT
 */
export async function requireZone(transaction: Transaction, timeZone: string): Promise<void> {
  const { rows } = await sql`select from pg_timezone_names where lower(name) = lower(${timeZone})`.execute(transaction);
  if (rows.length > 0) return;
  const message = 'This service does not know this time zone.';
  throw badUserInput([{ path: ['input', 'timeZone'], code: 'INVALID_VALUE', message }]);
}
