import pg from 'pg';
import { readEnvironment } from './environment.ts';
import { poolSize } from './tasks.ts';

// Timestamps stay text: most of them only pass through, and a Date costs more than all else about the row.
const asText = { getTypeParser: (oid: number) => (oid === 1184 ? String : pg.types.getTypeParser(oid)) };

const pool = new pg.Pool({
  connectionString: readEnvironment().databaseUrl,
  max: poolSize,
  types: asText as pg.CustomTypesConfig,
});

/** Runs a statement that each connection prepares once, under its name. */
export async function query<Row extends object>(name: string, text: string, values: unknown[]): Promise<Row[]> {
  return (await pool.query<Row>({ name, text, values })).rows;
}

/** Runs several statements at once. */
export async function runScript(text: string): Promise<void> {
  await pool.query(text);
}
