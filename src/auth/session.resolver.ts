import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Authorized, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import { connectionOf, type Page } from '../graphql/pages/connection.ts';
import { readEntityPage } from '../graphql/pages/entity-page.ts';
import { PageArgs } from '../graphql/pages/page-args.ts';
import { User } from '../users/user.entity.ts';
import { RevokeSessionInput } from './auth.inputs.ts';
import { SuccessPayload } from './auth.payloads.ts';
import type { Doors } from './doors.ts';
import { logOut, logOutEverywhere, revokeSession } from './own-sessions.ts';
import { SecurityEvent } from './security-event.entity.ts';
import { Session } from './session.entity.ts';
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
  async sessions(
    @Root() user: SessionUser,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { database }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Session>> {
    const page = await readEntityPage(database.entities(user), Session, {
      orderBy: { createdAt: 'desc', id: 'desc' },
      args,
      info,
    });
    for (const session of page.nodes) session.current = session.id === user.sessionId;
    return page;
  }

  @FieldResolver(() => SecurityEventConnection, {
    nullable: true,
    description: 'What happened to your account in the last 90 days, newest first.',
  })
  securityEvents(
    @Root() user: SessionUser,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() { database }: Context,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<SecurityEvent>> {
    return readEntityPage(database.entities(user), SecurityEvent, { orderBy: { at: 'desc', id: 'desc' }, args, info });
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
