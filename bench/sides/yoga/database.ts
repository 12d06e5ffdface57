import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { poolSize } from '../support/tasks.ts';

export interface TaskRow {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly priority: number;
  readonly version: number;
  readonly completed_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface UserRow {
  readonly id: string;
  readonly email: string;
}

interface Tables {
  readonly task: TaskRow & { readonly user_id: string; readonly deleted_at: Date | null };
  readonly user: UserRow & { readonly password_hash: string };
  readonly session: {
    readonly id: string;
    readonly user_id: string;
    readonly created_at: Date;
    readonly expires_at: Date;
  };
}

export function connect(databaseUrl: string): Kysely<Tables> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: poolSize });
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
}
