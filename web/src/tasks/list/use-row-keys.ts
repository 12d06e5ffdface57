import type { KeyboardEvent } from 'react';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { isTyping } from '../../keyboard/shortcuts.ts';
import { focusRow, rowIdOf } from '../../rows/row-focus.ts';

export interface RowKeys {
  readonly tasks: readonly TaskRowFragment[];
  readonly onEdit: (task: TaskRowFragment) => void;
  readonly onToggle: (task: TaskRowFragment) => void;
  readonly onSelect: (task: TaskRowFragment, isRange: boolean) => void;
  readonly onDelete: (task: TaskRowFragment) => void;
  readonly onMove: (task: TaskRowFragment, step: 1 | -1) => void;
}

type Effect = (task: TaskRowFragment, keys: RowKeys, event: KeyboardEvent) => void;

/** The keys of a focused row. */
const effects: Readonly<Record<string, Effect>> = {
  ArrowDown: (task, keys, event) => go(task, keys, event, 1),
  ArrowUp: (task, keys, event) => go(task, keys, event, -1),
  j: (task, keys, event) => go(task, keys, event, 1),
  k: (task, keys, event) => go(task, keys, event, -1),
  e: (task, keys) => keys.onEdit(task),
  F2: (task, keys) => keys.onEdit(task),
  c: (task, keys) => keys.onToggle(task),
  x: (task, keys, event) => keys.onSelect(task, event.shiftKey),
  ' ': (task, keys, event) => keys.onSelect(task, event.shiftKey),
  Delete: (task, keys) => keys.onDelete(task),
  Backspace: (task, keys) => keys.onDelete(task),
};

export function useRowKeys(keys: RowKeys) {
  return (event: KeyboardEvent<HTMLElement>) => {
    const { target } = event;
    const id = rowIdOf(target);
    const task = keys.tasks.find((row) => row.id === id);
    if (!task || event.ctrlKey || event.metaKey || isTyping(target)) return;
    // Checkboxes and buttons use the space bar themselves.
    if (event.key === ' ' && !(target instanceof HTMLAnchorElement)) return;
    const effect = effects[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!effect) return;
    event.preventDefault();
    effect(task, keys, event);
  };
}

function go(task: TaskRowFragment, keys: RowKeys, event: KeyboardEvent, step: 1 | -1): void {
  if (event.altKey) {
    keys.onMove(task, step);
    return;
  }
  const next = keys.tasks[keys.tasks.indexOf(task) + step];
  if (next) focusRow(event.currentTarget, next.id);
}
