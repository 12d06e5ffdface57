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

/** How far a live subscription has read. Its operation is executed again for each page. */
export interface LivePosition {
  /** Whether other operations are refused. */
  readonly subscriptionsOnly: boolean;
  /** Where the next page starts; null: not read yet. */
  cursor: string | null;
  /** What the latest execution has read; null: nothing. */
  page: LivePage | null;
  /** Called once the operation is known to be a subscription. May refuse it. */
  begin(request: LiveRequest): void;
}

/** What reading a further page needs of the request for a subscription. */
export interface LiveRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A page of a live subscription. */
interface LivePage {
  /** The number of changes. */
  readonly size: number;
  readonly hasMore: boolean;
  /** The user's counter when it was read, unless there is more. */
  readonly revision: string;
}

/** The context that resolvers share within one request. */
export class Context {
  /**
   * @param jobs takes what is to be done after a change @param viewer null: anonymous
   * @param live null: the response is not a stream
   */
  constructor(
    private readonly service: ServiceDatabase,
    readonly jobs: Jobs,
    readonly client: Client,
    readonly viewer: Viewer | null,
    readonly live: LivePosition | null = null,
  ) {}

  /** The viewer's database. A resolver that uses it fails for anonymous requests, whatever its decorators say. */
  get db(): Database {
    if (this.viewer === null) throw new AppError(ErrorCode.UNAUTHENTICATED, 'Log in to do this.');
    return new Database(this.service, this.viewer);
  }
}
