import { validate as isUuid, version } from 'uuid';
import { formatInteger } from '../format-integer.ts';
import { normalizeTimeZone } from '../scalars/time-zones.ts';
import { isEmailAddress } from './email-address.ts';
import { Normalized, Rule, Rules } from './input-rules.ts';

interface TextRule {
  readonly label: string;
  /** White space at both ends is dropped before the text is measured. */
  readonly trim?: boolean;
  readonly min?: number;
  readonly max: number;
  readonly nullable?: boolean;
}

/** Text of `min` to `max` Unicode characters; an explicit null passes only where `nullable`. */
export function Text({ label, trim = false, min = 0, max, nullable = false }: TextRule): PropertyDecorator {
  const tooShort = min === 1 ? `${label} cannot be empty.` : `${label} needs at least ${min} characters.`;
  const tooLong = `${label} is too long: at most ${formatInteger(max)} characters.`;
  return Rules(
    Normalized((text) => (trim ? text.trim() : text)),
    Rule('REQUIRED', `${label} cannot be null.`, (value) => nullable || value !== null),
    Rule('TOO_SHORT', tooShort, (value) => {
      // No character takes more than two code units: most texts need not be counted.
      return typeof value !== 'string' || value.length >= 2 * min || countCharacters(value) >= min;
    }),
    Rule('TOO_LONG', tooLong, (value) => {
      return typeof value !== 'string' || value.length <= max || hasAtMost(value, max);
    }),
  );
}

/** What may be left out, but not set to null. */
export function NotNull(label: string): PropertyDecorator {
  return Rule('REQUIRED', `${label} cannot be null.`, (value) => value !== null);
}

/** A time zone that is known; null passes. */
export function KnownZone(): PropertyDecorator {
  const message =
    'This time zone is unknown. Choose one by region and city, such as Europe/Paris; an offset is not enough.';
  return Rule('INVALID_VALUE', message, (value) => value === null || normalizeTimeZone(String(value)) !== null);
}

/** An e-mail address, without white space at its ends: see isEmailAddress. */
export function Email(): PropertyDecorator {
  const message = 'This is not an e-mail address. It should look like name@example.com.';
  return Rules(
    Normalized((text) => text.trim()),
    Rule('INVALID_EMAIL', message, (value) => isEmailAddress(String(value))),
  );
}

/** A colour as `#rrggbb`, taken in lower case from here on; null is none. */
export function Color(): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('INVALID_COLOR', 'A colour looks like #1e90ff.', (value) => {
      return value === null || /^#[0-9a-f]{6}$/.test(String(value));
    }),
  );
}

/** The id of a record: a UUID in any case, taken as lower case from here on. */
export function Id(): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('INVALID_ID', 'This is not an id of this service.', (value) => isUuid(value)),
  );
}

/** The id of a record where there may be none: null passes. */
export function OptionalId(): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('INVALID_ID', 'This is not an id of this service.', (value) => value === null || isUuid(value)),
  );
}

/** Up to `max` ids, perhaps none; null passes. */
export function OptionalIds({ max, message }: { max: number; message: string }): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('OUT_OF_RANGE', message, (value) => value === null || (Array.isArray(value) && value.length <= max)),
    Rule('INVALID_ID', 'This is not an id of this service.', (value) => isUuid(value), true),
  );
}

/** 1 to `max` ids, each named by its index where it is malformed. */
export function Ids({ max }: { max: number }): PropertyDecorator {
  const hasFittingLength = (value: unknown) => Array.isArray(value) && value.length >= 1 && value.length <= max;
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('OUT_OF_RANGE', `Give 1 to ${max} ids.`, hasFittingLength),
    Rule('INVALID_ID', 'This is not an id of this service.', (value) => isUuid(value), true),
  );
}

const day = 86_400_000;

/** An id that a client makes for a new record: RFC 9562's UUIDv7, its time no more than a day ahead of ours. */
export function NewId(): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('INVALID_ID', 'An id made by a client is a UUIDv7.', (value) => value === null || isUuidV7(value)),
    Rule('ID_TOO_NEW', 'The time in this id is more than 24 hours ahead.', (value) => {
      return value === null || timeOfUuidV7(String(value)) <= Date.now() + day;
    }),
  );
}

const isUuidV7 = (value: unknown): boolean => isUuid(value) && version(String(value)) === 7;

/** Milliseconds since 1970: the first 48 bits. */
function timeOfUuidV7(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Counts nothing that is long in any case. */
function hasAtMost(value: string, max: number): boolean {
  return value.length <= 2 * max && countCharacters(value) <= max;
}

/** What a person would count, near enough: an emoji outside the basic plane is one, not two. */
function countCharacters(value: string): number {
  return [...value].length;
}
