import { Authorized, Query, Resolver } from 'type-graphql';
import { CurrentViewer, type Viewer } from '../graphql/context.ts';
import type { FindNode } from '../graphql/node.resolver.ts';
import { User } from './user.entity.ts';

/** The viewer, by the viewer's own id; there is no other user to find. */
export const findUser: FindNode = async (_database, viewer, id) => (id === viewer.id ? viewer : null);

@Resolver()
export class UserResolver {
  @Authorized()
  @Query(() => User, { description: 'Yourself.' })
  me(@CurrentViewer() viewer: Viewer): Viewer {
    return viewer;
  }
}
