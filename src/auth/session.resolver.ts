import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import type { Transaction } from '../database/database.ts';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import { connectionOf, type Page } from '../graphql/pages/connection.ts';
import { PageArgs } from '../graphql/pages/page-args.ts';
import type { Keyed } from '../graphql/pages/page-request.ts';
import { noSuch, notFound } from '../graphql/record-problems.ts';
import { Selected, type Selection } from '../graphql/selection.ts';
import { User } from '../users/user.entity.ts';
import { RevokeSessionInput } from './auth.inputs.ts';
import { SuccessPayload } from './auth.payloads.ts';
import type { Doors } from './doors.ts';
import { SecurityEvent, SecurityEventKind } from './security-event.entity.ts';
import { findSecurityEvents } from './security-event-queries.ts';
import { logEvent, recordEvent } from './security-events.ts';
import { Session } from './session.entity.ts';
import { findSessions } from './session-queries.ts';
import { endSession, endSessions } from './sessions.ts';
import type { SessionUser } from './signed-in.ts';

const SessionConnection = connectionOf(Session);
const SecurityEventConnection = connectionOf(SecurityEvent);

@Resolver(() => User)
export class SessionResolver {
  readonly #doors: Doors;

  constructor(doors: Doors) {
    this.#doors = doors;
  }

  @FieldResolver(() => SessionConnection, {
    nullable: true,
    description: 'Your log-ins that have not ended, newest first; at most 100, past which the oldest ends.',
  })
  sessions(
    @Root() user: SessionUser,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { database }: Context,
    @Selected() selection: Selection,
  ): Promise<Page<Keyed>> {
    return findSessions(database, user, args, selection);
  }

  @FieldResolver(() => SecurityEventConnection, {
    nullable: true,
    description: 'What happened to your account in the last 90 days, newest first.',
  })
  securityEvents(
    @Root() { id }: SessionUser,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { database }: Context,
    @Selected() selection: Selection,
  ): Promise<Page<Keyed>> {
    return findSecurityEvents(database, id, args, selection);
  }

  @Authorized()
  @Mutation(() => SuccessPayload, {
    nullable: true,
    description: 'Ends this session: its tokens are refused from the next request on.',
  })
  logout(@Ctx() context: Context, @CurrentViewer() viewer: Viewer): Promise<SuccessPayload> {
    return this.#end(context, viewer, (transaction) => endSession(transaction, viewer.id, viewer.sessionId));
  }

  @Authorized()
  @Mutation(() => SuccessPayload, { nullable: true, description: 'Ends every session of yours, this one too.' })
  logoutEverywhere(@Ctx() context: Context, @CurrentViewer() viewer: Viewer): Promise<SuccessPayload> {
    return this.#end(context, viewer, async (transaction) => {
      await endSessions(transaction, viewer.id);
      return 'ended';
    });
  }

  @Authorized()
  @Mutation(() => SuccessPayload, { nullable: true, description: 'Ends one of your sessions. NOT_FOUND.' })
  revokeSession(
    @Arg('input', () => RevokeSessionInput, { description: 'Which session.' }) { id }: RevokeSessionInput,
    @Ctx() context: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<SuccessPayload> {
    return this.#end(context, viewer, async (transaction) => {
      const outcome = await endSession(transaction, viewer.id, id);
      if (outcome === null) throw notFound(noSuch('session'));
      return outcome;
    });
  }

  async #end(
    { database, client }: Context,
    viewer: Viewer,
    end: (transaction: Transaction) => Promise<'ended' | 'was' | null>,
  ): Promise<SuccessPayload> {
    const outcome = await database.change(async (_em, transaction) => {
      const ended = await end(transaction);
      if (ended === 'ended') await recordEvent(transaction, viewer.id, SecurityEventKind.SESSION_ENDED, client);
      return ended;
    });
    if (outcome === 'ended') logEvent(this.#doors.logger, SecurityEventKind.SESSION_ENDED, viewer.id, client);
    return { success: true };
  }
}
