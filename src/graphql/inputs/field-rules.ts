import { validate as isUuid, version } from 'uuid';
import { formatInteger } from '../format-integer.ts';
import { normalizeTimeZone } from '../scalars/time-zones.ts';
import { isEmailAddress, withOneDomain } from './email-address.ts';
import { Normalized, Rule, Rules } from './input-rules.ts';

interface TextRule {
  readonly label: string;
  /** Removes white space at both ends before the length is checked. */
  readonly trim?: boolean;
  readonly min?: number;
  readonly max: number;
  readonly nullable?: boolean;
}

/** Text of `min` to `max` Unicode characters; an explicit null passes only if `nullable`. */
export function Text({ label, trim = false, min = 0, max, nullable = false }: TextRule): PropertyDecorator {
  const tooShort = min === 1 ? `${label} cannot be empty.` : `${label} needs at least ${min} characters.`;
  const tooLong = `${label} is too long: at most ${formatInteger(max)} characters.`;
  return Rules(
    Normalized((text) => (trim ? text.trim() : text)),
    Rule('REQUIRED', `${label} cannot be null.`, (value) => nullable || value !== null),
    Rule('TOO_SHORT', tooShort, (value) => {
      // A character has at most two code units, so that most texts need not be counted.
      return typeof value !== 'string' || value.length >= 2 * min || countCharacters(value) >= min;
    }),
    Rule('TOO_LONG', tooLong, (value) => {
      return typeof value !== 'string' || value.length <= max || hasAtMost(value, max);
    }),
  );
}

/** A field that may be omitted, but not set to null. */
export function NotNull(label: string): PropertyDecorator {
  return Rule('REQUIRED', `${label} cannot be null.`, (value) => value !== null);
}

/** A known time zone; null passes. */
export function KnownZone(): PropertyDecorator {
  const message =
    'This time zone is unknown. Choose one by region and city, such as Europe/Paris; an offset is not enough.';
  return Rule('INVALID_VALUE', message, (value) => value === null || normalizeTimeZone(String(value)) !== null);
}

/** An e-mail address (see isEmailAddress). White space at both ends is removed, and a domain gets its one form. */
export function Email(): PropertyDecorator {
  const message = 'This is not an e-mail address. It should look like name@example.com.';
  return Rules(
    Normalized((text) => withOneDomain(text.trim())),
    Rule('INVALID_EMAIL', message, (value) => isEmailAddress(String(value))),
  );
}

/** A color as `#rrggbb`, converted to lower case; null passes. */
export function Color(): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('INVALID_COLOR', 'A color must look like #1e90ff.', (value) => {
      return value === null || /^#[0-9a-f]{6}$/.test(String(value));
    }),
  );
}

const invalidId = 'This is not a valid id: ids are UUIDs.';

/** The id of a record: a UUID, converted to lower case. */
export function Id(): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('INVALID_ID', invalidId, (value) => isUuid(value)),
  );
}

/** Like Id, but null passes. */
export function OptionalId(): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('INVALID_ID', invalidId, (value) => value === null || isUuid(value)),
  );
}

/** 0 to `max` ids; null passes. */
export function OptionalIds({ max, message }: { max: number; message: string }): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('OUT_OF_RANGE', message, (value) => value === null || (Array.isArray(value) && value.length <= max)),
    Rule('INVALID_ID', invalidId, (value) => isUuid(value), true),
  );
}

/** 1 to `max` ids. */
export function Ids({ max }: { max: number }): PropertyDecorator {
  const hasFittingLength = (value: unknown) => Array.isArray(value) && value.length >= 1 && value.length <= max;
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('OUT_OF_RANGE', `Give 1 to ${max} ids.`, hasFittingLength),
    Rule('INVALID_ID', invalidId, (value) => isUuid(value), true),
  );
}

const day = 86_400_000;

/** A client-generated id for a new record: a UUIDv7 (RFC 9562) whose time is at most a day ahead of the server's. */
export function NewId(): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('INVALID_ID', 'The id of a new record must be a UUIDv7.', (value) => value === null || isUuidV7(value)),
    Rule('ID_TOO_NEW', 'The time in this id is more than 24 hours in the future.', (value) => {
      return value === null || timeOfUuidV7(String(value)) <= Date.now() + day;
    }),
  );
}

const isUuidV7 = (value: unknown): boolean => isUuid(value) && version(String(value)) === 7;

/** Milliseconds since 1970: the first 48 bits. */
function timeOfUuidV7(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** Does not count a text that is too long in any case. */
function hasAtMost(value: string, max: number): boolean {
  return value.length <= 2 * max && countCharacters(value) <= max;
}

/** Code points, close to what a person counts: an emoji outside the basic plane is one, not two. */
function countCharacters(value: string): number {
  return [...value].length;
}
