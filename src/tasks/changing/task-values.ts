import type { MetadataStorage } from '@mikro-orm/core';
import { getMetadataStorage } from 'type-graphql';
import { Task } from '../task.entity.ts';
import { type CreateTaskInput, UpdateTaskInput } from '../task.inputs.ts';

/** What inputs say of a task, by the entity's property. */
type TaskValues = Omit<Pick<Task, keyof CreateTaskInput & keyof Task>, 'id'>;

/** A property that inputs set, with its column. */
interface Settable {
  readonly name: keyof TaskValues;
  readonly column: string;
  readonly type: string;
}

const known = new WeakMap<MetadataStorage, readonly Settable[]>();

/** The properties that UpdateTaskInput has fields of the same names for, but the id. */
export function settableProperties(metadata: MetadataStorage): readonly Settable[] {
  const settable = known.get(metadata) ?? findSettable(metadata);
  known.set(metadata, settable);
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

/** Those of a new task: null where nothing is given, or what stands for it. */
export function newTaskValues(metadata: MetadataStorage, input: CreateTaskInput): TaskValues {
  const values = settableProperties(metadata).map(({ name }) => [name, stored(name, input[name])]);
  return Object.fromEntries(values);
}

/** The columns that an input changes. */
export function changedColumns(metadata: MetadataStorage, input: Omit<UpdateTaskInput, 'id'>): Record<string, unknown> {
  const given = settableProperties(metadata).filter(({ name }) => input[name] !== undefined);
  return Object.fromEntries(given.map(({ name, column }) => [column, stored(name, input[name])]));
}

function stored(name: string, value: unknown): unknown {
  return value ?? Task.emptyValues[name] ?? null;
}
