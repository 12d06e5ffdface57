import { ArgsType, Field, Int } from 'type-graphql';
import { badUserInput } from '../../errors.ts';
import { defaultPageSize, maximumPageSize } from '../../graphql/checks/limits.ts';
import { Rule } from '../../graphql/inputs/input-rules.ts';

const hasValidSize = (value: unknown) => value === null || (Number(value) >= 0 && Number(value) <= maximumPageSize);
const sizeMessage = `A page has 0 to ${maximumPageSize} records.`;

@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'Size of the page, counted from its start. 50 by default, at most 100.',
  })
  @Rule('OUT_OF_RANGE', sizeMessage, hasValidSize)
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor: the page starts right after this record.' })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: 'Size of the page, counted from its end. At most 100.' })
  @Rule('OUT_OF_RANGE', sizeMessage, hasValidSize)
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Cursor: the page ends right before this record.' })
  before?: string | null;
}

/** The direction of a page, and its size. */
export interface PageWindow {
  readonly isBackward: boolean;
  readonly size: number;
}

/** @throws AppError BAD_USER_INPUT if both `first` and `last` are given */
export function windowOf({ first, last }: PageArgs): PageWindow {
  if (typeof first === 'number' && typeof last === 'number') {
    const message = 'Give either first or last: a page is counted from one end.';
    throw badUserInput([{ path: ['last'], code: 'NOT_WITH_FIRST', message }]);
  }
  return { isBackward: typeof last === 'number', size: last ?? first ?? defaultPageSize };
}
