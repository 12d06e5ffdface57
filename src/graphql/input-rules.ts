import { isEmail, isUUID, ValidateBy, type ValidationError, validateSync } from 'class-validator';
import type { ResolverData } from 'type-graphql';
import { badUserInput, type FieldProblem } from '../errors.ts';

/**
 * Property decorator: a rule for one field of an input or arguments class. A field left out breaks no rule.
 * @param code what `extensions.fields[].code` carries; clients may switch on it
 * @param message for the person who filled in the form
 */
export function Rule(code: string, message: string, holds: (value: unknown) => boolean): PropertyDecorator {
  return ValidateBy({
    name: code,
    validator: { validate: (value) => value === undefined || holds(value), defaultMessage: () => message },
  });
}

/** Text of `min` to `max` Unicode characters; an explicit null passes only where `nullable`. */
export function Text(rule: { label: string; min?: number; max: number; nullable?: boolean }): PropertyDecorator {
  const { label, min = 0, max, nullable = false } = rule;
  const characters = max.toLocaleString('en');
  return Rules(
    Rule('REQUIRED', `${label} cannot be null.`, (value) => nullable || value !== null),
    Rule(
      'TOO_SHORT',
      min === 1 ? `${label} cannot be empty.` : `${label} needs at least ${min} characters.`,
      (value) => {
        return typeof value !== 'string' || countCharacters(value) >= min;
      },
    ),
    Rule('TOO_LONG', `${label} is too long: at most ${characters} characters.`, (value) => {
      return typeof value !== 'string' || value.length <= max || countCharacters(value) <= max;
    }),
  );
}

/** An e-mail address as RFC 5321 allows it, at most 254 characters. */
export function Email(): PropertyDecorator {
  return Rule('INVALID_EMAIL', 'This is not an e-mail address. It should look like name@example.com.', (value) => {
    return isEmail(value) && countCharacters(String(value)) <= 254;
  });
}

/** The id of a record: a UUID in any case, taken as lower case from here on. */
export function Id(): PropertyDecorator {
  return Rules(
    Normalized((text) => text.toLowerCase()),
    Rule('INVALID_ID', 'This is not an id of this service.', (value) => isUUID(value)),
  );
}

/** Property decorator: white space at both ends of the text is dropped before its rules are checked. */
export function Trimmed(): PropertyDecorator {
  return Normalized((text) => text.trim());
}

type Normalize = (text: string) => string;

// By the prototype that declares the property: subclasses inherit.
const normalizations = new Map<object, { property: string | symbol; normalize: Normalize }[]>();

function Normalized(normalize: Normalize): PropertyDecorator {
  return (prototype, property) => {
    const declared = normalizations.get(prototype) ?? [];
    normalizations.set(prototype, [...declared, { property, normalize }]);
  };
}

/**
 * Called for every argument of every resolver. The values arrive as instances of their classes, with all that GraphQL
 * itself can check already checked.
 * @throws AppError BAD_USER_INPUT listing every rule that is broken
 */
export function checkRules(value: unknown, { args }: Pick<ResolverData, 'args'>): void {
  if (typeof value !== 'object' || value === null) return;
  normalizeFields(value);
  const errors = validateSync(value, { forbidUnknownValues: false, stopAtFirstError: true });
  // A resolver takes either one argument named input, or its arguments as one class, which GraphQL sees spread out.
  const root = 'input' in args ? ['input'] : [];
  if (errors.length > 0) throw badUserInput(errors.flatMap((error) => problemsOf(error, root)));
}

function normalizeFields(value: object): void {
  const record = value as Record<string | symbol, unknown>;
  for (let prototype = Object.getPrototypeOf(value); prototype !== null; prototype = Object.getPrototypeOf(prototype)) {
    for (const { property, normalize } of normalizations.get(prototype) ?? []) {
      const text = record[property];
      if (typeof text === 'string') record[property] = normalize(text);
    }
  }
}

function problemsOf(error: ValidationError, above: readonly (string | number)[]): FieldProblem[] {
  const path = [...above, error.property];
  const own = Object.entries(error.constraints ?? {}).map(([code, message]) => ({ path, code, message }));
  return [...own, ...(error.children ?? []).flatMap((child) => problemsOf(child, path))];
}

/** Several rules for one field as one decorator. */
export function Rules(...decorators: PropertyDecorator[]): PropertyDecorator {
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}

/** What a person would count, near enough: an emoji outside the basic plane is one, not two. */
function countCharacters(value: string): number {
  return [...value].length;
}
