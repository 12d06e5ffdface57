import { type ArgumentNode, getNamedType, isEnumType, Kind, print } from 'graphql';
import { type AliasedRawBuilder, type RawBuilder, sql } from 'kysely';
import type { Columns } from '../columns.ts';
import { defaultPageSize, maximumPageSize } from '../pages/page-args.ts';
import { DateTime } from '../scalars.ts';
import type { Output, OutputField } from './output.ts';

/** Whether PostgreSQL can print what is asked of a record, fields aside that have resolvers of their own. */
export function isPrintable(columns: Columns, output: Output): boolean {
  return output.fields.every((field) => isResolved(columns, field) || isColumn(columns, field));
}

/**
 * Whether PostgreSQL prints it. Aliases only of what takes it no work, or thirty of them would take it thirty times as
 * long; and none below: no name that a client chooses gets into SQL, and no statement is made for each.
 */
function isColumn(columns: Columns, field: OutputField): boolean {
  const { name, below } = field;
  const inner = innerColumns(columns, field);
  if (!inner) return name === '__typename' || name in columns.stored;
  if (isAliased(field) && !(name in (columns.composed ?? {}))) return false;
  return below?.fields.every((part) => !isAliased(part) && isColumn(inner, part)) ?? false;
}

function isAliased({ key, name }: OutputField): boolean {
  return key !== name;
}

/** How the fields of an object are read that is printed within a record; undefined where there is none. */
function innerColumns(columns: Columns, field: OutputField): Columns | undefined {
  const { related = {}, composed = {} } = columns;
  const [relation, parts] = [related[field.name], composed[field.name]];
  if (relation) return relation.isExclusive ? relation.columns() : { ...relation.columns(), pages: {} };
  return parts ? { stored: parts.fields } : pageOf(columns, field);
}

/** Whether a resolver answers it. */
function isResolved(columns: Columns, field: OutputField): boolean {
  return field.name in (columns.resolved ?? {}) && !isColumn(columns, field);
}

/**
 * What is printed of a connection below a record, where the operation itself names its size, or nothing. Counts are not:
 * they are made apart from other reads, which would wait for them.
 */
function pageOf({ pages = {} }: Columns, { name, nodes: [node] }: OutputField): Columns | undefined {
  const size = sizeOf(node.arguments ?? []);
  const nodes = size === null ? undefined : pages[name]?.(size);
  return nodes && { stored: {}, related: { nodes } };
}

/** null: left to the resolver, which knows cursors and refuses what is out of range. */
function sizeOf([first, ...others]: readonly ArgumentNode[]): number | null {
  if (first === undefined) return defaultPageSize;
  if (others.length > 0 || first.name.value !== 'first' || first.value.kind !== Kind.INT) return null;
  const size = Number(first.value.value);
  return size >= 0 && size <= maximumPageSize ? size : null;
}

/** Fields that PostgreSQL prints in one column, an aliased one by itself, or one that a resolver answers. */
type Part = Printed | { readonly resolved: OutputField };

export interface Printed {
  readonly column: string;
  readonly fields: OutputField[];
}

/** What a record is printed of. */
export function partsOf(columns: Columns, output: Output): readonly Part[] {
  const parts: Part[] = [];
  for (const field of output.fields) {
    const last = parts.at(-1);
    if (isResolved(columns, field)) parts.push({ resolved: field });
    else if (last && 'fields' in last && ![field, ...last.fields].some(isAliased)) last.fields.push(field);
    else parts.push({ column: `json${parts.length}`, fields: [field] });
  }
  return parts;
}

/** Makes members of the record's object of what the column holds, an object by itself. */
export function memberPrinter({ fields: [first] }: Printed): (object: string) => string {
  if (!first || !isAliased(first)) return (object) => object.slice(1, -1);
  const [key, name] = [JSON.stringify(first.key), JSON.stringify(first.name)];
  return (object) => key + object.slice(name.length + 1, -1);
}

const shapes = new WeakMap<Output, string>();

/**
 * Tells apart what is printed in different ways. Made once for each operation: made for each request it took a page a
 * twentieth longer.
 */
export function printedShape(columns: Columns, output: Output): string {
  const shape = shapes.get(output) ?? `{${output.fields.map((field) => fieldShape(columns, field)).join()}}`;
  shapes.set(output, shape);
  return shape;
}

function fieldShape(columns: Columns, field: OutputField): string {
  const { name, nodes, below } = field;
  const inner = isResolved(columns, field) ? undefined : innerColumns(columns, field);
  const size = inner && nodes[0].arguments?.map(print);
  return [isAliased(field) ? ':' : '', name, size, inner && below && printedShape(inner, below)].join('');
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
      const inner = innerColumns(columns, field);
      if (!inner || !below) {
        return [name, name === '__typename' ? sql.lit(type.name) : printed(field, stored[name]?.(row))];
      }
      const alias = related[name] ? `${row}_${index}` : row;
      const json = objectJson(inner, below, below.fields, alias);
      if (related[name]) return [name, sql`(${related[name].query(row, alias, json)})`];
      return [name, composed[name] ? sql`case when ${composed[name].isThere(row)} then ${json} end` : json];
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
