import { GraphQLScalarType, Kind } from 'graphql';
import { normalizeTimeZone } from './time-zones.ts';

const rfc3339Formats = 'https://www.rfc-editor.org/rfc/rfc3339#section-5.6';

/** A scalar that is text in a certain format, and is not parsed. */
function textScalar(
  name: string,
  description: string,
  specifiedByURL: string,
  read: (text: string) => string | null,
): GraphQLScalarType<string, string> {
  const parse = (value: unknown): string => {
    const parsed = typeof value === 'string' ? read(value) : null;
    // The value is never repeated: the input's errors are built from where it stands.
    if (parsed === null) throw new TypeError(`This is not a ${name}.`);
    return parsed;
  };
  return new GraphQLScalarType({
    name,
    description,
    specifiedByURL,
    serialize: String,
    parseValue: parse,
    parseLiteral: (node) => parse(node.kind === Kind.STRING ? node.value : null),
  });
}

export const LocalDate = textScalar('LocalDate', 'A calendar date such as 2026-11-21.', rfc3339Formats, (text) => {
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text) ?? [];
  const date = new Date(`${text}T00:00:00Z`);
  const exists = date.getUTCMonth() + 1 === Number(month) && date.getUTCDate() === Number(day);
  return exists && year !== '0000' ? text : null;
});

export const LocalTime = textScalar(
  'LocalTime',
  'A wall-clock time, read as 09:30 or 09:30:15 and printed as 09:30:00.',
  rfc3339Formats,
  (text) => {
    const [, hour, minute, second = '00'] = /^([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
    return hour && minute ? `${hour}:${minute}:${second}` : null;
  },
);

/** Accepts any text: each input decides about unknown zones. A stored zone is returned unchanged. */
export const TimeZone = textScalar(
  'TimeZone',
  'A zone of the IANA database, such as Europe/Paris.',
  'https://www.iana.org/time-zones',
  (text) => normalizeTimeZone(text) ?? text,
);
