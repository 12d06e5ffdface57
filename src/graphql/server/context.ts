import { Database } from '../../database/database.ts';
import type { ServiceDatabase } from '../../database/service-database.ts';
import { AppError, ErrorCode } from '../../errors.ts';
import type { Background } from '../../jobs/background.ts';
import type { Viewer } from '../../viewer.ts';

/** What a request tells of where it comes from. */
export interface Client {
  /** IP address, of the client itself where a trusted proxy passes it on. */
  readonly address: string;
  /** What the client calls itself. */
  readonly userAgent: string | null;
}

/** What resolvers share within one request. */
export class Context {
  /** @param viewer null: anonymous @param background for jobs for which a committed mutation has left work */
  constructor(
    private readonly service: ServiceDatabase,
    readonly background: Pick<Background, 'soon'>,
    readonly client: Client,
    readonly viewer: Viewer | null,
  ) {}

  /** The viewer's database. A resolver that takes it cannot run for an anonymous request, whatever its decorators say. */
  get db(): Database {
    if (this.viewer === null) throw new AppError(ErrorCode.UNAUTHENTICATED, 'Log in to do this.');
    return new Database(this.service, this.viewer);
  }
}
