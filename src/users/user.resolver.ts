import { Authorized, Query, Resolver } from 'type-graphql';
import { CurrentViewer, type Viewer } from '../graphql/context.ts';
import { User } from './user.entity.ts';

@Resolver()
export class UserResolver {
  @Authorized()
  @Query(() => User, { description: 'Yourself.' })
  me(@CurrentViewer() viewer: Viewer): Viewer {
    return viewer;
  }
}
