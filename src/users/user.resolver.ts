import { Authorized, Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../graphql/server/context.ts';
import type { FindNode } from '../read/node.resolver.ts';
import type { Viewer } from '../viewer.ts';
import { User } from './user.entity.ts';

/** The viewer, by the viewer's own id; there is no other user to find. */
export const findUser: FindNode = async ({ viewer }, id) => (id === viewer.id ? viewer : null);

@Authorized()
@Resolver()
export class UserResolver {
  @Query(() => User, { description: 'Yourself.' })
  me(@Ctx() { db }: Context): Viewer {
    return db.viewer;
  }
}
