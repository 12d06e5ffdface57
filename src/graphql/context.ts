import type DataLoader from 'dataloader';
import { createParameterDecorator, type ParameterDecorator } from 'type-graphql';
import type { Database } from '../database/database.ts';
import { AppError, ErrorCode } from '../errors.ts';
import type { Background } from '../jobs/background.ts';
import type { Page } from './pages/connection.ts';
import type { Keyed } from './pages/page-request.ts';
import type { Selection } from './selection.ts';

/** The signed-in user that a request acts for, loaded afresh for each request. */
export interface Viewer {
  readonly id: string;
  readonly email: string;
  readonly timeZone: string;
  /** Whether dues with a zone may still be sorted as in an earlier zone of the viewer's: see change-time-zone.ts. */
  readonly hasOldDueKeys: boolean;
  readonly createdAt: string;
  /** The session that the request's token names. */
  readonly sessionId: string;
}

/** What a request tells of where it comes from. */
export interface Client {
  /** IP address, of the client itself where a trusted proxy passes it on. */
  readonly address: string;
  /** What the client calls itself. */
  readonly userAgent: string | null;
}

/** What resolvers share within one request. */
export interface Context {
  /** null: anonymous. */
  readonly viewer: Viewer | null;
  readonly client: Client;
  readonly database: Database;
  /** Runs a job for which a mutation, once committed, has left work. */
  readonly background: Pick<Background, 'soon'>;
  /** What this request reads together, by what is selected and by what else tells it apart. */
  readonly loaders: Map<Selection, Map<string, DataLoader<string, Page<Keyed>>>>;
}

/**
 * Parameter decorator: the viewer. A resolver that takes it cannot run for an anonymous request, whatever its other
 * decorators say.
 */
export function CurrentViewer(): ParameterDecorator {
  return createParameterDecorator<Context>(({ context }) => {
    if (context.viewer === null) throw new AppError(ErrorCode.UNAUTHENTICATED, 'Log in to do this.');
    return context.viewer;
  });
}
