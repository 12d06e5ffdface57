import { isEmail, isUUID } from 'class-validator';
import type { ResolverData } from 'type-graphql';
import { badUserInput, type FieldProblem } from '../errors.ts';
import { printFigure } from './figures.ts';

interface FieldRule {
  readonly property: string;
  readonly code: string;
  readonly message: string;
  readonly holds: (value: unknown) => boolean;
  /** Asked of every item of a list, so that each bad one is named by its index. */
  readonly isForEach: boolean;
}

type Normalize = (text: string) => string;

interface Declarations {
  readonly rules: FieldRule[];
  readonly normalizations: { readonly property: string; readonly normalize: Normalize }[];
}

// By the prototype of the class that declares the field: subclasses inherit.
const declarations = new Map<unknown, Declarations>();

function declarationsOf(prototype: object): Declarations {
  const declared = declarations.get(prototype) ?? { rules: [], normalizations: [] };
  declarations.set(prototype, declared);
  return declared;
}

/**
 * Property decorator: a rule for one field of an input or arguments class. A field left out breaks no rule.
 * @param code what `extensions.fields[].code` carries; clients may switch on it
 * @param message for the person who filled in the form
 */
export function Rule(
  code: string,
  message: string,
  holds: (value: unknown) => boolean,
  isForEach = false,
): PropertyDecorator {
  return (prototype, property) => {
    declarationsOf(prototype).rules.push({ property: String(property), code, message, holds, isForEach });
  };
}

/** Several decorators for one field as one. */
export function Rules(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (prototype, property) => {
    for (const decorate of decorators) decorate(prototype, property);
  };
}

/** Property decorator: white space at both ends of the text is dropped before its rules are checked. */
export function Trimmed(): PropertyDecorator {
  return Normalized((text) => text.trim());
}

function Normalized(normalize: Normalize): PropertyDecorator {
  return (prototype, property) => {
    declarationsOf(prototype).normalizations.push({ property: String(property), normalize });
  };
}

/** Text of `min` to `max` Unicode characters; an explicit null passes only where `nullable`. */
export function Text(rule: { label: string; min?: number; max: number; nullable?: boolean }): PropertyDecorator {
  const { label, min = 0, max, nullable = false } = rule;
  const tooShort = min === 1 ? `${label} cannot be empty.` : `${label} needs at least ${min} characters.`;
  const tooLong = `${label} is too long: at most ${printFigure(max)} characters.`;
  return Rules(
    Rule('REQUIRED', `${label} cannot be null.`, (value) => nullable || value !== null),
    Rule('TOO_SHORT', tooShort, (value) => {
      // No character takes more than two code units: most texts need not be counted.
      return typeof value !== 'string' || value.length >= 2 * min || countCharacters(value) >= min;
    }),
    Rule('TOO_LONG', tooLong, (value) => {
      return typeof value !== 'string' || value.length <= max || countCharacters(value) <= max;
    }),
  );
}

/** What may be left out, but not set to null. */
export function NotNull(label: string): PropertyDecorator {
  return Rule('REQUIRED', `${label} cannot be null.`, (value) => value !== null);
}

/** An e-mail address as RFC 5321 allows it, at most 254 characters. */
export function Email(): PropertyDecorator {
  return Rule('INVALID_EMAIL', 'This is not an e-mail address. It should look like name@example.com.', (value) => {
    return isEmail(value) && countCharacters(String(value)) <= 254;
  });
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
    Rule('INVALID_ID', 'This is not an id of this service.', (value) => isUUID(value)),
  );
}

/** The id of a record where there may be none: null passes. */
export function OptionalId(): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('INVALID_ID', 'This is not an id of this service.', (value) => value === null || isUUID(value)),
  );
}

/** Up to `max` ids, perhaps none; null passes. */
export function OptionalIds({ max, message }: { max: number; message: string }): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('OUT_OF_RANGE', message, (value) => value === null || (Array.isArray(value) && value.length <= max)),
    Rule('INVALID_ID', 'This is not an id of this service.', (value) => isUUID(value), true),
  );
}

/** 1 to `max` ids, each named by its index where it is malformed. */
export function Ids({ max }: { max: number }): PropertyDecorator {
  const hasFittingLength = (value: unknown) => Array.isArray(value) && value.length >= 1 && value.length <= max;
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('OUT_OF_RANGE', `Give 1 to ${max} ids.`, hasFittingLength),
    Rule('INVALID_ID', 'This is not an id of this service.', (value) => isUUID(value), true),
  );
}

const day = 86_400_000;

/** An id that a client makes for a new record: RFC 9562's UUIDv7, its time no more than a day ahead of ours. */
export function NewId(): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('INVALID_ID', 'An id made by a client is a UUIDv7.', (value) => value === null || isUUID(value, 7)),
    Rule('ID_TOO_NEW', 'The time in this id is more than 24 hours ahead.', (value) => {
      return value === null || timeOfUuidV7(String(value)) <= Date.now() + day;
    }),
  );
}

/** Milliseconds since 1970: the first 48 bits. */
function timeOfUuidV7(id: string): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/**
 * Called for every argument of every resolver, nested inputs included. The values arrive as instances of their classes,
 * with all that GraphQL itself can check already checked.
 * @throws AppError BAD_USER_INPUT listing every field whose rules are broken
 */
export function checkRules(value: unknown, { args }: Pick<ResolverData, 'args'>): void {
  // A resolver takes either one argument named input, or its arguments as one class, which GraphQL sees spread out.
  const problems = problemsIn(value, 'input' in args ? ['input'] : []);
  if (problems.length > 0) throw badUserInput(problems);
}

type Path = FieldProblem['path'];

function problemsIn(value: unknown, path: Path): FieldProblem[] {
  if (typeof value !== 'object' || value === null) return [];
  const fields = value as Record<string, unknown>;
  const { rules, normalizations } = inheritedBy(Object.getPrototypeOf(value));
  for (const { property, normalize } of normalizations) fields[property] = normalized(fields[property], normalize);
  const broken = new Set<string>();
  const own = rules.flatMap((rule) => {
    if (broken.has(rule.property)) return [];
    const problems = problemsWith(rule, fields[rule.property], [...path, rule.property]);
    if (problems.length > 0) broken.add(rule.property);
    return problems;
  });
  return [...own, ...Object.entries(fields).flatMap(([name, field]) => problemsIn(field, [...path, name]))];
}

// By the prototype of the value's class; complete once its class is.
const inherited = new Map<object | null, Declarations>();

/** Of the class and its bases. Base classes first, as their fields come first. */
function inheritedBy(prototype: object | null): Declarations {
  const known = inherited.get(prototype);
  if (known || prototype === null) return known ?? { rules: [], normalizations: [] };
  const base = inheritedBy(Object.getPrototypeOf(prototype));
  const own = declarations.get(prototype);
  const all = {
    rules: [...base.rules, ...(own?.rules ?? [])],
    normalizations: [...base.normalizations, ...(own?.normalizations ?? [])],
  };
  inherited.set(prototype, all);
  return all;
}

function normalized(value: unknown, normalize: Normalize): unknown {
  if (Array.isArray(value)) return value.map((item) => normalized(item, normalize));
  return typeof value === 'string' ? normalize(value) : value;
}

function problemsWith({ code, message, holds, isForEach }: FieldRule, value: unknown, path: Path): FieldProblem[] {
  if (value === undefined) return [];
  if (!isForEach) return holds(value) ? [] : [{ path, code, message }];
  const items = Array.isArray(value) ? value : [];
  return items.flatMap((item, index) => (holds(item) ? [] : [{ path: [...path, index], code, message }]));
}

/** What a person would count, near enough: an emoji outside the basic plane is one, not two. */
function countCharacters(value: string): number {
  return [...value].length;
}
