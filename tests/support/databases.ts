import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** The URL of another database on the same server. */
export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

/** Creates a database with a unique name: empty, or a clone of `template`. @returns its name */
export async function createDatabase(adminUrl: string, template = 'template1'): Promise<string> {
  const name = `todoql_test_${randomBytes(6).toString('hex')}`;
  await query(adminUrl, `create database ${name} template ${template}`);
  return name;
}

/** Drops a database, even if there are connections. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await query(adminUrl, `drop database ${name} with (force)`);
}

/** Runs one statement on a new connection, bypassing the API. */
export async function query<Row extends pg.QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}
