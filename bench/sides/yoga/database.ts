import { type Generated, Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { poolSize } from '../support/tasks.ts';

export interface TaskRow {
  readonly id: string;
  readonly list_id: string | null;
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

export interface ListRow {
  readonly id: string;
  readonly name: string;
}

export interface LabelRow extends ListRow {
  readonly color: string | null;
}

export const columns = [
  'id',
  'list_id',
  'title',
  'description',
  'priority',
  'version',
  'completed_at',
  'created_at',
  'updated_at',
] as const;

interface Tables {
  readonly task: TaskRow & {
    readonly user_id: string;
    readonly parent_id: string | null;
    readonly position: Generated<string>;
    readonly deleted_at: Date | null;
  };
  readonly task_list: ListRow & { readonly user_id: string };
  readonly label: LabelRow & { readonly user_id: string; readonly name_key: string };
  readonly task_label: { readonly user_id: string; readonly task_id: string; readonly label_id: string };
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

export type Db = ReturnType<typeof connect>;
