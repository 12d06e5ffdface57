import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { createDatabase, databaseUrl, dropDatabase, query } from './databases.ts';

interface Place {
  /** As the role of the server. */
  readonly url: string;
  readonly role: string;
  /** Runs statements as an administrator; `$role` and `$database` stand for their names. */
  administer(statements: string): Promise<unknown>;
}

/** A database and a role that may do there what `setup` says, both gone afterwards. */
export async function withRole(setup: string, work: (place: Place) => Promise<void>): Promise<void> {
  const adminUrl = inject('adminUrl');
  const name = await createDatabase(adminUrl);
  const role = `todoql_role_${randomBytes(6).toString('hex')}`;
  const url = new URL(databaseUrl(adminUrl, name));
  const administer = (text: string) =>
    query(databaseUrl(adminUrl, name), text.replaceAll('$role', role).replaceAll('$database', name));
  await administer(`create role $role login password 'pass'; ${setup}`);
  [url.username, url.password] = [role, 'pass'];
  try {
    await work({ url: url.toString(), role, administer });
  } finally {
    await dropDatabase(adminUrl, name);
    // With those that it has made for itself.
    const made = await query<{ name: string }>(
      adminUrl,
      'select rolname::text as name from pg_roles where starts_with(rolname, $1)',
      [name],
    );
    for (const { name } of made) await query(adminUrl, `drop role "${name}"`);
    await query(adminUrl, `drop role ${role}`);
  }
}
