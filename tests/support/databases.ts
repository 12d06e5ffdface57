import { randomBytes } from 'node:crypto';
import pg from 'pg';

/** The address of another database of the same server. */
export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

/** Makes a database under a name of its own: empty, or a clone of `template`. @returns its name */
export async function createDatabase(adminUrl: string, template = 'template1'): Promise<string> {
  const name = `todoql_test_${randomBytes(6).toString('hex')}`;
  await query(adminUrl, `create database ${name} template ${template}`);
  return name;
}

/** Drops a database whoever is still connected. */
export async function dropDatabase(adminUrl: string, name: string): Promise<void> {
  await query(adminUrl, `drop database ${name} with (force)`);
}

/** Runs one statement on a connection of its own: what a test needs to see, or to do, behind the API's back. */
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
