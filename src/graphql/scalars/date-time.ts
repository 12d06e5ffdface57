import { GraphQLError, GraphQLScalarType } from 'graphql';

/** RFC 3339 instant. Values are Dates from entities, or text in UTC from rows. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant as RFC 3339 text, always in UTC with milliseconds, such as 2026-11-21T07:27:41.051Z.',
  specifiedByURL: 'https://scalars.graphql.org/andimarek/date-time.html',
  serialize: (value) => {
    return typeof value === 'string' ? printed(value) : (value as Date).toISOString();
  },
  parseValue: (value) => {
    throw new GraphQLError(`No input takes a DateTime, ${typeof value} given.`);
  },
});

// 2026-11-21 07:27:41.05+00: PostgreSQL's ISO style in UTC, the fraction without its trailing zeros; in JSON it writes
// 2026-11-21T07:27:41.05+00:00.
const inUtc = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d{1,3})?\+00(:00)?$/;

/** Converts text to text: creating a Date would cost more than the rest of the field. */
function printed(instant: string): string {
  if (!inUtc.test(instant)) return new Date(instant).toISOString();
  const fraction = instant.slice(20, instant.indexOf('+', 19)).padEnd(3, '0');
  return `${instant.slice(0, 10)}T${instant.slice(11, 19)}.${fraction}Z`;
}
