import { sql } from 'kysely';
import type { Transaction } from '../database/database.ts';
import { badUserInput } from '../errors.ts';

// Zones with a summer time whose names PostgreSQL takes for abbreviations of a fixed offset.
const takenForOffsets = /^([CEM]ET|WET)$/i;

/**
 * A zone that both Node.js and PostgreSQL know: their copies of the IANA database are of different ages.
 * @throws AppError BAD_USER_INPUT
 */
export async function requireZone(transaction: Transaction, timeZone: string): Promise<void> {
  if (takenForOffsets.test(timeZone)) {
    const message = 'This name stands for several places. Choose one of them, such as Europe/Brussels.';
    throw badUserInput([{ path: ['input', 'timeZone'], code: 'INVALID_VALUE', message }]);
  }
  const { rows } = await sql`select from pg_timezone_names where lower(name) = lower(${timeZone})`.execute(transaction);
  if (rows.length > 0) return;
  const message = 'This service does not know this time zone.';
  throw badUserInput([{ path: ['input', 'timeZone'], code: 'INVALID_VALUE', message }]);
}
