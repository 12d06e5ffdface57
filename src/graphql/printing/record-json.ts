import { getNamedType, isEnumType } from 'graphql';
import { type AliasedRawBuilder, type RawBuilder, sql } from 'kysely';
import type { Columns } from '../columns.ts';
import { DateTime } from '../scalars.ts';
import type { Output, OutputField } from './output.ts';

/**
 * Whether PostgreSQL can print what is asked of a record, fields aside that have resolvers of their own. It prints no
 * aliases: no name that a client chooses gets into SQL, and no statement is made for each.
 */
export function isPrintable(columns: Columns, output: Output): boolean {
  return output.fields.every((field) => isResolved(columns, field) || isColumn(columns, field));
}

function isColumn({ stored, composed = {}, related = {} }: Columns, { key, name, below }: OutputField): boolean {
  if (key !== name) return false;
  const inner = related[name]?.columns() ?? (composed[name] && { stored: composed[name].fields });
  if (inner) return below?.fields.every((field) => isColumn(inner, field)) ?? false;
  return name === '__typename' || name in stored;
}

/** Whether a resolver answers it. */
function isResolved({ resolved = {} }: Columns, { name }: OutputField): boolean {
  return name in resolved;
}

/** Fields that stand together in a column that PostgreSQL prints, or one that a resolver answers. */
type Part = { readonly column: string; readonly fields: OutputField[] } | { readonly resolved: OutputField };

/** What a record is printed of. */
export function partsOf(columns: Columns, output: Output): readonly Part[] {
  const parts: Part[] = [];
  for (const field of output.fields) {
    const last = parts.at(-1);
    if (isResolved(columns, field)) parts.push({ resolved: field });
    else if (last && 'fields' in last) last.fields.push(field);
    else parts.push({ column: `json${parts.length}`, fields: [field] });
  }
  return parts;
}

/** Tells apart what is printed in different ways. */
export function printedShape(columns: Columns, { fields }: Output): string {
  const shapes = fields.map((field) => {
    return field.below && !isResolved(columns, field) ? field.name + printedShape(columns, field.below) : field.name;
  });
  return `{${shapes.join()}}`;
}

/** The columns of a record's parts, and those that its resolvers need. */
export function printedColumns(columns: Columns, output: Output, row: string): AliasedRawBuilder<unknown, string>[] {
  const parts = partsOf(columns, output);
  const needed = new Set(
    parts.flatMap((part) => ('resolved' in part ? (columns.resolved?.[part.resolved.name] ?? []) : [])),
  );
  return [
    ...parts.flatMap((part) => {
      if ('resolved' in part) return [];
      return sql`${objectJson(columns, output, part.fields, row)}::text`.as(part.column);
    }),
    ...[...needed].flatMap((name) => columns.stored[name]?.(row).as(name) ?? []),
  ];
}

function objectJson(
  columns: Columns,
  { type }: Output,
  fields: readonly OutputField[],
  row: string,
): RawBuilder<unknown> {
  const { stored, composed = {}, related = {} } = columns;
  return rowJson(
    fields.map((field, index): Named => {
      const { name, below } = field;
      const [relation, parts] = [related[name], composed[name]];
      if (relation && below) {
        const alias = `${row}_${index}`;
        return [name, sql`(${relation.query(row, alias, objectJson(relation.columns(), below, below.fields, alias))})`];
      }
      if (parts && below) {
        const json = objectJson({ stored: parts.fields }, below, below.fields, row);
        return [name, sql`case when ${parts.isThere(row)} then ${json} end`];
      }
      return [name, name === '__typename' ? sql.lit(type.name) : printed(field, stored[name]?.(row))];
    }),
  );
}

/** A value under its name in JSON. */
export type Named = [name: string, value: RawBuilder<unknown>];

// A name that no field has.
const whole = sql.id('whole row');

/** One object as JSON: without blanks, unlike that of json_build_object, and of any number of fields. */
export function rowJson(fields: readonly Named[]): RawBuilder<unknown> {
  const columns = fields.map(([name, value]) => sql`${value} as ${sql.id(name)}`);
  return sql`(select row_to_json(${whole}) from (select ${sql.join(columns)}) ${whole})`;
}

/** As the field's type is printed. */
function printed({ name, definition }: OutputField, value: RawBuilder<unknown> | undefined): RawBuilder<unknown> {
  if (!value || !definition) throw new Error(`No column is known for ${name}.`);
  const type = getNamedType(definition.type);
  if (type === DateTime) return sql`to_char(${value} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  if (!isEnumType(type)) return value;
  const cases = type.getValues().map((one) => sql`when ${sql.lit(one.value)} then ${sql.lit(one.name)}`);
  return sql`case ${value} ${sql.join(cases, sql` `)} end`;
}
