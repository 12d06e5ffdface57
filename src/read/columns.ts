import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { type ArgumentNode, Kind } from 'graphql';
import { type AliasedRawBuilder, type RawBuilder, sql } from 'kysely';
import { jsonArrayFrom, jsonObjectFrom } from 'kysely/helpers/postgres';
import type { Reader } from '../database/database.ts';
import { defaultPageSize, maximumPageSize } from '../graphql/checks/limits.ts';
import { type Selection, selectionAt } from './selection.ts';

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
   * @param size of a page: how many records it has at most
   */
  readonly from?: (row: string, alias: string, size: RawBuilder<unknown>) => RawBuilder<unknown>;
  /**
   * Whether they are a page, whose field has a resolver (`resolved`). Where the operation itself says how many it wants, and
   * nothing but them, they come with the row as an array; else the resolver finds them.
   */
  readonly isPage?: boolean;
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
  const nested = related.map(([name, { columns: inner }, below, size]) => {
    return `${name}${size ?? ''}(${shapeOf(database, inner(), below)})`;
  });
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
    ...related.map(([name, { columns: inner, from }, below, size], index) => {
      const alias = `${row}_${index}`;
      const fields = sql.join(selectedColumns(database, inner(), below, alias));
      if (from) return jsonArrayFrom(sql`(select ${fields} from ${from(row, alias, sql.lit(size))})`).as(name);
      return jsonObjectFrom(sql`(select ${fields} from ${referred(meta, name, row, alias)})`).as(name);
    }),
  ];
}

/** Records that come with the row, and how many of them do at most. */
type Read = readonly [name: string, relation: Related, below: Selection, size: number | null];

/** In a fixed order. Never empty: asking for __typename alone still needs a row. */
function chosen(database: Reader, columns: Columns, selection: Selection) {
  const { entity, computed = {}, related = {}, resolved = {} } = columns;
  const read = Object.entries(related).flatMap(([name, relation]): Read[] => {
    const below = selection.get(name);
    if (!below) return [];
    if (!relation.isPage) return [[name, relation, below, null]];
    const size = pageSize(below);
    return size === null ? [] : [[name, relation, selectionAt(below, 'nodes'), size]];
  });
  const isRead = new Set(read.map(([name]) => name));
  const needed = Object.entries(resolved).flatMap(([name, needs]) => {
    return selection.has(name) && !isRead.has(name) ? needs : [];
  });
  const asked = new Set([...selection.keys(), ...needed]);
  const meta: EntityMetadata = database.metadata.get(entity);
  const stored = meta.props.filter((property) => asked.has(property.name) && isColumn(property));
  return {
    meta,
    stored: stored.length > 0 ? stored : meta.props.filter(({ name }) => name === 'id'),
    computed: Object.entries(computed).filter(([name]) => asked.has(name)),
    related: read,
  };
}

/** How many records are asked for of a page, and nothing else of it; null where its resolver has to be asked. */
function pageSize(page: Selection): number | null {
  const [size = null, ...others] = new Set(page.fieldNodes.map(({ arguments: given = [] }) => sizeOf(given)));
  const isOfNodes = page.has('nodes') && [...page.keys()].every((name) => name === 'nodes' || name === '__typename');
  return isOfNodes && others.length === 0 ? size : null;
}

/** null: left to the resolver, which knows cursors and variables, and refuses what is out of range. */
function sizeOf([first, ...others]: readonly ArgumentNode[]): number | null {
  if (first === undefined) return defaultPageSize;
  if (others.length > 0 || first.name.value !== 'first' || first.value.kind !== Kind.INT) return null;
  const size = Number(first.value.value);
  return size >= 0 && size <= maximumPageSize ? size : null;
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
