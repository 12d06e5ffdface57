import { useMemo, useRef, useState } from 'react';
import type { TaskRowFragment } from '../generated/graphql.ts';

export interface Selection {
  /** Whether rows are being chosen, even if none is yet. */
  readonly isActive: boolean;
  readonly tasks: readonly TaskRowFragment[];
  has(id: string): boolean;
  start(): void;
  /** @param isRange all rows between the last one that was toggled and this one */
  toggle(id: string, isRange?: boolean): void;
  selectAll(): void;
  clear(): void;
}

/** The rows that a bulk change is about. */
export function useSelection(tasks: readonly TaskRowFragment[]): Selection {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isActive, setIsActive] = useState(false);
  const last = useRef<string | null>(null);
  return useMemo(
    () => ({
      isActive,
      tasks: tasks.filter(({ id }) => chosen.has(id)),
      has: (id) => chosen.has(id),
      start: () => setIsActive(true),
      toggle(id, isRange = false) {
        const ids = tasks.map((task) => task.id);
        const range = isRange && last.current !== null ? between(ids, last.current, id) : [id];
        const isOn = !chosen.has(id);
        const others = [...chosen].filter((other) => !range.includes(other));
        last.current = id;
        setIsActive(true);
        setChosen(new Set(isOn ? [...others, ...range] : others));
      },
      selectAll: () => setChosen(new Set(tasks.map(({ id }) => id))),
      clear() {
        setChosen(new Set());
        setIsActive(false);
      },
    }),
    [tasks, chosen, isActive],
  );
}

function between(ids: readonly string[], from: string, to: string): readonly string[] {
  const ends = [ids.indexOf(from), ids.indexOf(to)];
  return ids.slice(Math.max(0, Math.min(...ends)), Math.max(...ends) + 1);
}
