import { Database } from '../../database/database.ts';
import type { ServiceDatabase } from '../../database/service-database.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import type { Jobs } from '../../jobs/jobs.ts';
import type { Viewer } from '../../viewer.ts';

/** Where a request comes from. */
export interface Client {
  /** The IP address; behind a trusted proxy, that of the client itself. */
  readonly address: string;
  /** The User-Agent header. */
  readonly userAgent: string | null;
}

/** The context that resolvers share within one request. */
export class Context {
  /** @param jobs takes what is to be done after a change @param viewer null: anonymous */
  constructor(
    private readonly service: ServiceDatabase,
    readonly jobs: Jobs,
    readonly client: Client,
    readonly viewer: Viewer | null,
  ) {}

  /** The viewer's database. A resolver that uses it fails for anonymous requests, whatever its decorators say. */
  get db(): Database {
    if (this.viewer === null) throw new AppError(ErrorCode.UNAUTHENTICATED, 'Log in to do this.');
    return new Database(this.service, this.viewer);
  }
}
