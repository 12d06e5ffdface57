import { GraphQLError, GraphQLScalarType } from 'graphql';

/** RFC 3339 instant. Dates come from entities, text from rows that PostgreSQL printed in UTC. */
export const DateTime = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description: 'An instant as RFC 3339 text, always in UTC with milliseconds, such as 2026-11-21T07:27:41.051Z.',
  serialize: (value) => {
    const date = value instanceof Date ? value : new Date(String(value));
    return date.toISOString();
  },
  parseValue: (value) => {
    throw new GraphQLError(`No input takes a DateTime, ${typeof value} given.`);
  },
});
