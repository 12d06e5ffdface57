import type { MetadataStorage } from '@mikro-orm/core';
import { getMetadataStorage } from 'type-graphql';
import { Task } from '../task.entity.ts';
import { type CreateTaskInput, UpdateTaskInput } from '../task.inputs.ts';

/** The fields of an input that are stored as they are, by property of the entity. */
type TaskValues = Omit<Pick<Task, keyof CreateTaskInput & keyof Task>, 'id'>;

/** A property that inputs can set, with its column. */
interface Settable {
  readonly name: keyof TaskValues;
  readonly column: string;
  readonly type: string;
}

const cache = new WeakMap<MetadataStorage, readonly Settable[]>();

/** The properties that have the name of a field of UpdateTaskInput, except the id. */
export function settableProperties(metadata: MetadataStorage): readonly Settable[] {
  const settable = cache.get(metadata) ?? findSettable(metadata);
  cache.set(metadata, settable);
  return settable;
}

function findSettable(metadata: MetadataStorage): Settable[] {
  const inputs = prototypesOf(UpdateTaskInput.prototype);
  const fields = getMetadataStorage().fields.filter(({ target }) => inputs.has(target.prototype));
  const names = new Set(fields.map(({ name }) => name));
  const { props } = metadata.get(Task);
  return props
    .filter(({ name, primary }) => names.has(name) && !primary)
    .map(({ name, fieldNames: [column = ''], columnTypes: [type = ''] }) => ({ name: name as never, column, type }));
}

function prototypesOf(prototype: object | null): Set<object> {
  return prototype === null ? new Set() : prototypesOf(Object.getPrototypeOf(prototype)).add(prototype);
}

/** The values of a new task; a field without a value is null, or empty as in `Task.emptyValues`. */
export function newTaskValues(metadata: MetadataStorage, input: CreateTaskInput): TaskValues {
  const values = settableProperties(metadata).map(({ name }) => [name, stored(name, input[name])]);
  return Object.fromEntries(values);
}

/** The same by column. */
export function newTaskColumns(metadata: MetadataStorage, input: CreateTaskInput): Record<string, unknown> {
  const values = newTaskValues(metadata, input);
  return Object.fromEntries(settableProperties(metadata).map(({ name, column }) => [column, values[name]]));
}

/** The columns that an input sets, with their values. */
export function changedColumns(metadata: MetadataStorage, input: Omit<UpdateTaskInput, 'id'>): Record<string, unknown> {
  const given = settableProperties(metadata).filter(({ name }) => input[name] !== undefined);
  return Object.fromEntries(given.map(({ name, column }) => [column, stored(name, input[name])]));
}

function stored(name: string, value: unknown): unknown {
  return value ?? Task.emptyValues[name] ?? null;
}
