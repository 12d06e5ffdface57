import { Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/server/context.ts';
import type { FindNode } from '../read/node.resolver.ts';
import type { Viewer } from '../viewer.ts';
import { User } from './user.entity.ts';

/** Finds only the viewer. */
export const findUser: FindNode = async ({ viewer }, id) => (id === viewer.id ? viewer : null);

@Authorized()
@Resolver()
export class UserResolver {
  @Query(() => User, { description: 'The user who is logged in.' })
  me(@Ctx() { db }: Context): Viewer {
    return db.viewer;
  }
}
