import type { GraphQLResolveInfo } from 'graphql';
import { Arg, Args, Authorized, Ctx, FieldResolver, Info, Mutation, Resolver, Root } from 'type-graphql';
import { Database } from '../../database/database.ts';
import type { Context } from '../../graphql/server/context.ts';
import { Needs } from '../../read/needs.ts';
import type { FindNode } from '../../read/node.resolver.ts';
import { connectionOf, type Page } from '../../read/pages/connection.ts';
import { readEntityPage } from '../../read/pages/entity-page.ts';
import { PageArgs } from '../../read/pages/page-args.ts';
import { User } from '../../users/user.entity.ts';
import type { Viewer } from '../../viewer.ts';
import { RevokeSessionInput } from '../auth.inputs.ts';
import { SuccessPayload } from '../auth.payloads.ts';
import type { AuthServices } from '../auth-services.ts';
import { SecurityEvent } from '../events/security-event.entity.ts';
import { Session } from './session.entity.ts';
import { logOut, logOutEverywhere, revokeSession } from './session-management.ts';

const SessionConnection = connectionOf(Session);
const SecurityEventConnection = connectionOf(SecurityEvent);

/** The viewer's live session with this id, or null. */
export const findSession: FindNode = async ({ entities, viewer }, id) => {
  const session = await entities.findOne(Session, { id });
  return session && Object.assign(session, { current: id === viewer.sessionId });
};

@Resolver(() => User)
export class SessionResolver {
  constructor(private readonly services: AuthServices) {}

  @Needs('id')
  @FieldResolver(() => SessionConnection, {
    nullable: true,
    description: 'Your sessions, newest first. At most 100: one more ends the oldest.',
  })
  async sessions(
    @Root() user: Viewer,
    @Args(() => PageArgs) args: PageArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<Session>> {
    const orderBy = { createdAt: 'desc', id: 'desc' } as const;
    const page = await readEntityPage(this.#entitiesOf(user), Session, { orderBy, args, info });
    for (const session of page.nodes) session.current = session.id === user.sessionId;
    return page;
  }

  @Needs('id')
  @FieldResolver(() => SecurityEventConnection, {
    nullable: true,
    description: 'The security events of your account in the last 90 days, newest first.',
  })
  securityEvents(
    @Root() user: Viewer,
    @Args(() => PageArgs) args: PageArgs,
    @Info() info: GraphQLResolveInfo,
  ): Promise<Page<SecurityEvent>> {
    return readEntityPage(this.#entitiesOf(user), SecurityEvent, { orderBy: { at: 'desc', id: 'desc' }, args, info });
  }

  @Authorized()
  @Mutation(() => SuccessPayload, {
    nullable: true,
    description: 'Ends this session. Its tokens are rejected from the next request on.',
  })
  async logout(@Ctx() context: Context): Promise<SuccessPayload> {
    await logOut(this.services.logger, context);
    return { success: true };
  }

  @Authorized()
  @Mutation(() => SuccessPayload, { nullable: true, description: 'Ends all your sessions, including this one.' })
  async logoutEverywhere(@Ctx() context: Context): Promise<SuccessPayload> {
    await logOutEverywhere(this.services.logger, context);
    return { success: true };
  }

  @Authorized()
  @Mutation(() => SuccessPayload, { nullable: true, description: 'Ends one of your sessions. NOT_FOUND.' })
  async revokeSession(
    @Arg('input', () => RevokeSessionInput, { description: 'Which session.' }) { id }: RevokeSessionInput,
    @Ctx() context: Context,
  ): Promise<SuccessPayload> {
    await revokeSession(this.services.logger, context, id);
    return { success: true };
  }

  /** Not from the context: `user` may have logged in within this very request. */
  #entitiesOf(user: Viewer) {
    return new Database(this.services.serviceDatabase, user).entities;
  }
}
