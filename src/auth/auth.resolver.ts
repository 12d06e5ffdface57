import { Arg, Authorized, Ctx, Field, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { type Context, CurrentViewer, type Viewer } from '../graphql/context.ts';
import { User } from '../users/user.entity.ts';
import { type Doors, logIn, type SignedIn, signUp } from './accounts.ts';
import { LoginInput, SignupInput } from './auth.inputs.ts';
import { endSession } from './sessions.ts';

@ObjectType({ simpleResolvers: true, description: 'An open session.' })
class AuthPayload {
  @Field(() => String, {
    description: 'A JWT, opaque to clients. Send it as "Authorization: Bearer <accessToken>" with every request.',
  })
  accessToken!: string;

  @Field(() => String, { description: 'Always "bearer".' })
  tokenType!: string;

  @Field(() => Int, { description: 'Seconds until the access token expires; 604800 (7 days) by default.' })
  expiresIn!: number;

  @Field(() => User, { description: 'Whose session it is.' })
  user!: SignedIn['user'];
}

@ObjectType({ simpleResolvers: true, description: 'Done.' })
class SuccessPayload {
  @Field(() => Boolean, { description: 'Always true: a failure is an error.' })
  success!: boolean;
}

@Resolver()
export class AuthResolver {
  readonly #doors: Doors;

  constructor(doors: Doors) {
    this.#doors = doors;
  }

  @Mutation(() => AuthPayload, { nullable: true, description: 'Makes an account and logs in. CONFLICT.' })
  async signup(
    @Arg('input', () => SignupInput, { description: 'The account.' }) input: SignupInput,
  ): Promise<AuthPayload> {
    return this.#payload(await signUp(this.#doors, input));
  }

  @Mutation(() => AuthPayload, { nullable: true, description: 'Logs in. INVALID_CREDENTIALS.' })
  async login(
    @Arg('input', () => LoginInput, { description: 'The credentials.' }) input: LoginInput,
  ): Promise<AuthPayload> {
    return this.#payload(await logIn(this.#doors, input));
  }

  @Authorized()
  @Mutation(() => SuccessPayload, {
    nullable: true,
    description: 'Ends this session: its access token is refused from the next request on.',
  })
  async logout(@Ctx() { database }: Context, @CurrentViewer() viewer: Viewer): Promise<SuccessPayload> {
    await database.change((em) => endSession(em, viewer));
    return { success: true };
  }

  #payload({ user, accessToken }: SignedIn): AuthPayload {
    return { accessToken, tokenType: 'bearer', expiresIn: this.#doors.tokens.lifetime, user };
  }
}
