import { Temporal } from 'temporal-polyfill';
import { Field, InputType, ObjectType } from 'type-graphql';
import type { Change } from '../../database/database.ts';
import { badUserInput } from '../../errors.ts';
import { KnownZone } from '../../graphql/inputs/field-rules.ts';
import { DateTime } from '../../graphql/scalars/date-time.ts';
import { LocalDate, LocalTime, TimeZone } from '../../graphql/scalars/time-scalars.ts';
import { wallClocksAt } from '../../graphql/scalars/time-zones.ts';

@ObjectType({
  simpleResolvers: true,
  description: 'When a task is due: on a day, at a time of that day wherever you are, or at a time in a zone.',
})
export class Due {
  @Field(() => LocalDate, { description: 'The day.' })
  date!: string;

  @Field(() => LocalTime, { nullable: true, description: 'The time; null: the whole day.' })
  time!: string | null;

  @Field(() => TimeZone, {
    nullable: true,
    description: 'The zone of the time; null: the same wall-clock time wherever you are.',
  })
  timeZone!: string | null;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'The instant, if there are a time and a zone. A time that the clocks skip in spring moves forward by the gap; of a ' +
      'time that occurs twice in autumn, the first counts.',
  })
  at!: string | null;
}

@InputType({ description: 'When a task is due.' })
export class DueInput {
  @Field(() => LocalDate, { description: 'The day.' })
  date!: string;

  @Field(() => LocalTime, { nullable: true, description: 'The time; left out: the whole day.' })
  time?: string | null;

  @Field(() => TimeZone, {
    nullable: true,
    description: 'The zone of the time; left out: the same wall-clock time wherever you are. Not without a time.',
  })
  @KnownZone()
  timeZone?: string | null;
}

/** A due as it is stored. */
export interface StoredDue {
  readonly dueDate: string | null;
  readonly dueTime: string | null;
  readonly dueTimeZone: string | null;
  readonly dueAt: Date | null;
}

const none: StoredDue = { dueDate: null, dueTime: null, dueTimeZone: null, dueAt: null };

// So that the local date has a year of four digits in every time zone.
const [earliest, latest] = [Date.parse('0001-01-03T00:00:00Z'), Date.parse('9999-12-29T00:00:00Z')];

/** @throws AppError BAD_USER_INPUT for a zone without a time, or a date outside the years 1 to 9999 */
export function storedDue(due: DueInput | null | undefined, path: readonly (string | number)[]): StoredDue {
  if (!due) return none;
  const { date, time = null, timeZone = null } = due;
  if (time === null && timeZone !== null) {
    const message = 'A time zone needs a time: give the time too, or omit the time zone.';
    throw badUserInput([{ path: [...path, 'timeZone'], code: 'NEEDS_TIME', message }]);
  }
  const dueAt = time !== null && timeZone !== null ? instantOf(date, time, timeZone) : null;
  const dayAt = Date.parse(`${date}T00:00:00Z`);
  if (dayAt < earliest || dayAt > latest) {
    throw badUserInput([
      {
        path: [...path, 'date'],
        code: 'OUT_OF_RANGE',
        message: 'This date is out of range: give one in the years 1 to 9999.',
      },
    ]);
  }
  return { dueDate: date, dueTime: time, dueTimeZone: timeZone, dueAt };
}

/** "compatible" is RFC 5545's rule: a skipped time moves forward, of a repeated one the first counts. */
function instantOf(date: string, time: string, timeZone: string): Date {
  const local = Temporal.PlainDateTime.from(`${date}T${time}`);
  return new Date(local.toZonedDateTime(timeZone, { disambiguation: 'compatible' }).epochMilliseconds);
}

/** The sort key of a due date: the local time in the viewer's zone until which there is time; a day lasts until its end. */
export function dueKeyOf({ dueDate, dueTime, dueAt }: StoredDue, zone: string): string | null {
  if (dueAt !== null) return wallClocksAt(zone, [dueAt.getTime()])[0] ?? null;
  return dueDate && `${dueDate} ${dueTime ?? '23:59:59.999'}`;
}

/** The sort key of a new due date. */
export async function dueKeyFor(db: Change, due: StoredDue): Promise<string | null> {
  return (await dueKeysFor(db, [due]))[0] ?? null;
}

/** The same for several. */
export async function dueKeysFor(db: Change, dues: readonly StoredDue[]): Promise<(string | null)[]> {
  // The viewer's time zone may have changed since the request began.
  const zone = dues.some(({ dueAt }) => dueAt !== null) ? await zoneOf(db) : db.viewer.timeZone;
  return dues.map((due) => dueKeyOf(due, zone));
}

async function zoneOf({ kysely, viewer }: Change): Promise<string> {
  const user = kysely.selectFrom('user').where('id', '=', viewer.id).select('time_zone as timeZone');
  return (await user.executeTakeFirst())?.timeZone ?? 'UTC';
}
