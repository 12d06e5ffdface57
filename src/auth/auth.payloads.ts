import { Field, Int, ObjectType } from 'type-graphql';
import { User } from '../users/user.entity.ts';
import type { Viewer } from '../viewer.ts';

@ObjectType({ simpleResolvers: true, description: 'An open session.' })
export class AuthPayload {
  @Field(() => String, {
    description: 'A JWT, opaque to clients. Send it as "Authorization: Bearer <accessToken>" with every request.',
  })
  accessToken!: string;

  @Field(() => String, { description: 'Always "bearer".' })
  tokenType!: string;

  @Field(() => Int, { description: 'Seconds until the access token expires; 604800 (7 days) by default.' })
  expiresIn!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Opaque. refreshSession exchanges it for new tokens, once. Store it as safely as a password.',
  })
  refreshToken!: string | null;

  @Field(() => User, { description: 'The user of the session.' })
  user!: Viewer;
}

@ObjectType({ simpleResolvers: true, description: 'Done.' })
export class SuccessPayload {
  @Field(() => Boolean, { description: 'Always true: failures are errors.' })
  success!: boolean;
}
