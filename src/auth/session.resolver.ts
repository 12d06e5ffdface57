import { Arg, Args, Authorized, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import { connectionOf, type Page } from '../graphql/pages/connection.ts';
import { PageArgs } from '../graphql/pages/page-args.ts';
import type { Keyed } from '../graphql/pages/page-request.ts';
import { Selected, type Selection } from '../graphql/selection.ts';
import { User } from '../users/user.entity.ts';
import { RevokeSessionInput } from './auth.inputs.ts';
import { SuccessPayload } from './auth.payloads.ts';
import type { Doors } from './doors.ts';
import { logOut, logOutEverywhere, revokeSession } from './own-sessions.ts';
import { SecurityEvent } from './security-event.entity.ts';
import { findSecurityEvents } from './security-event-queries.ts';
import { Session } from './session.entity.ts';
import { findSessions } from './session-queries.ts';
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
  async logout(@Ctx() { client }: Context, @CurrentViewer() viewer: Viewer): Promise<SuccessPayload> {
    await logOut(this.#doors, client, viewer);
    return { success: true };
  }

  @Authorized()
  @Mutation(() => SuccessPayload, { nullable: true, description: 'Ends every session of yours, this one too.' })
  async logoutEverywhere(@Ctx() { client }: Context, @CurrentViewer() viewer: Viewer): Promise<SuccessPayload> {
    await logOutEverywhere(this.#doors, client, viewer);
    return { success: true };
  }

  @Authorized()
  @Mutation(() => SuccessPayload, { nullable: true, description: 'Ends one of your sessions. NOT_FOUND.' })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput, { description: 'Which session.' }) { id }: RevokeSessionInput,
    @Ctx() { client }: Context,
    @CurrentViewer() viewer: Viewer,
  ): Promise<SuccessPayload> {
    await revokeSession(this.#doors, client, viewer, id);
    return { success: true };
  }
}
