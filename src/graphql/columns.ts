import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { type AliasedRawBuilder, type RawBuilder, sql } from 'kysely';
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres';
import type { Reader } from '../database/database.ts';
import type { Selection } from './selection.ts';

/** How a type's fields are read: as the entity's metadata says, but for what is declared here. */
export interface Columns {
  readonly entity: new () => object;
  /** Fields that SQL makes of the row that goes by an alias. */
  readonly computed?: Readonly<Record<string, (row: string) => RawBuilder<unknown>>>;
  /** Fields that are other records: JSON in the same statement, so that a page takes no further one for each. */
  readonly related?: Readonly<Record<string, Related>>;
  /** Fields with a resolver, with the properties that it needs of the record. */
  readonly resolved?: Readonly<Record<string, readonly string[]>>;
}

interface Related {
  readonly columns: () => Columns;
  /**
   * Of a list: where its records are found, and their order, as in `from … where … order by …`. Left out of a reference of
   * the entity's.
   * @param alias of the related row, which nothing else has
   */
  readonly from?: (row: string, alias: string) => RawBuilder<unknown>;
}

const shapes = new WeakMap<Columns, WeakMap<Selection, string>>();

/** The same text for selections of the same columns. Kept: an operation that is seen again has the same selection. */
export function shapeOf(database: Reader, columns: Columns, selection: Selection): string {
  const known = shapes.get(columns) ?? new WeakMap<Selection, string>();
  const shape = known.get(selection) ?? newShape(database, columns, selection);
  shapes.set(columns, known.set(selection, shape));
  return shape;
}

function newShape(database: Reader, columns: Columns, selection: Selection): string {
  const { stored, computed, related } = chosen(database, columns, selection);
  const nested = related.map(([name, inner, below]) => `${name}(${shapeOf(database, inner.columns(), below)})`);
  return [...stored.map(({ name }) => name), ...computed.map(([name]) => name), ...nested].join(' ');
}

/** The selected fields as columns named like them. @param row alias of the record's row */
export function selectedColumns(
  database: Reader,
  columns: Columns,
  selection: Selection,
  row: string,
): AliasedRawBuilder<unknown, string>[] {
  const { meta, stored, computed, related } = chosen(database, columns, selection);
  return [
    ...stored.map(({ name, fieldNames }) => sql.ref(`${row}.${fieldNames[0]}`).as(name)),
    ...computed.map(([name, expression]) => expression(row).as(name)),
    ...related.map(([name, { columns: inner, from }, below], index) => {
      const alias = `${row}_${index}`;
      const fields = sql.join(selectedColumns(database, inner(), below, alias));
      if (from) return jsonArrayFrom(sql`(select ${fields} from ${from(row, alias)})`).as(name);
      return jsonObjectFrom(sql`(select ${fields} from ${referred(meta, name, row, alias)})`).as(name);
    }),
  ];
}

/** In a fixed order. Never empty: asking for __typename alone still needs a row. */
function chosen(database: Reader, columns: Columns, selection: Selection) {
  const { entity, computed = {}, related = {}, resolved = {} } = columns;
  const needed = Object.entries(resolved).flatMap(([name, needs]) => (selection.has(name) ? needs : []));
  const asked = new Set([...selection.keys(), ...needed]);
  const meta: EntityMetadata = database.metadata.get(entity);
  const stored = meta.props.filter((property) => asked.has(property.name) && isColumn(property));
  return {
    meta,
    stored: stored.length > 0 ? stored : meta.props.filter(({ name }) => name === 'id'),
    computed: Object.entries(computed).filter(([name]) => asked.has(name)),
    related: Object.entries(related).flatMap(([name, relation]) => {
      const below = selection.get(name);
      return below ? [[name, relation, below] as const] : [];
    }),
  };
}

/** What is hidden is no field of any type. */
function isColumn({ kind, hidden }: EntityProperty): boolean {
  return kind === ReferenceKind.SCALAR && hidden !== true;
}

/** The row that a reference refers to. */
function referred({ properties }: EntityMetadata, name: string, row: string, alias: string): RawBuilder<unknown> {
  const { targetMeta, joinColumns, referencedColumnNames } = properties[name] as EntityProperty;
  const same = joinColumns.map((column, index) => {
    return sql`${sql.ref(`${alias}.${referencedColumnNames[index]}`)} = ${sql.ref(`${row}.${column}`)}`;
  });
  return sql`${sql.table(targetMeta?.tableName ?? '')} as ${sql.id(alias)} where ${sql.join(same, sql` and `)}`;
}

/** The table of the records. */
export function tableOf(database: Reader, { entity }: Columns): string {
  return database.metadata.get(entity).tableName;
}
