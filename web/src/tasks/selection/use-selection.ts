import { useMemo, useRef, useState } from 'react';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { useToasts } from '../../messages/toast-stack.tsx';

type Tasks = readonly TaskRowFragment[];

export interface Selection {
  /** Whether rows are being selected, even if none is yet. */
  readonly isActive: boolean;
  readonly isLoading: boolean;
  readonly tasks: Tasks;
  has(id: string): boolean;
  start(): void;
  /** @param isRange all rows between the last one that was toggled and this one */
  toggle(id: string, isRange?: boolean): void;
  /** Selects all rows, including those that are not loaded yet. */
  selectAll(): Promise<void>;
  clear(): void;
}

/**
 * The rows that are selected for bulk changes.
 * @param loadAll loads all tasks to select, if not all rows are loaded
 */
export function useSelection(tasks: Tasks, loadAll: (() => Promise<Tasks>) | null): Selection {
  const toasts = useToasts();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState<Tasks | null>(null);
  const [isActive, setIsActive] = useState(false);
  const [isLoading, setIsLoading] = useState(false);
  const last = useRef<string | null>(null);
  // Counts requests to select all, so that the result of a cleared one is dropped.
  const asked = useRef(0);
  const latest = useRef(loadAll);
  latest.current = loadAll;
  return useMemo(() => {
    const shown = new Map(tasks.map((task) => [task.id, task]));
    const rest = (all ?? []).filter(({ id }) => !shown.has(id));
    return {
      isActive,
      isLoading,
      tasks: [...tasks, ...rest].filter(({ id }) => selected.has(id)),
      has: (id) => selected.has(id),
      start: () => setIsActive(true),
      toggle(id, isRange = false) {
        const ids = tasks.map((task) => task.id);
        const range = isRange && last.current !== null ? between(ids, last.current, id) : [id];
        const isOn = !selected.has(id);
        const others = [...selected].filter((other) => !range.includes(other));
        last.current = id;
        setIsActive(true);
        setSelected(new Set(isOn ? [...others, ...range] : others));
      },
      async selectAll() {
        setSelected(new Set(shown.keys()));
        if (!latest.current) return;
        asked.current += 1;
        const own = asked.current;
        setIsLoading(true);
        try {
          const loaded = await latest.current();
          if (own !== asked.current) return;
          setAll(loaded);
          setSelected(new Set([...shown.keys(), ...loaded.map(({ id }) => id)]));
        } catch (error) {
          toasts.showProblem(error);
        }
        setIsLoading(false);
      },
      clear() {
        asked.current += 1;
        setSelected(new Set());
        setAll(null);
        setIsActive(false);
        setIsLoading(false);
      },
    };
  }, [tasks, all, selected, isActive, isLoading, toasts]);
}

function between(ids: readonly string[], from: string, to: string): readonly string[] {
  const ends = [ids.indexOf(from), ids.indexOf(to)];
  return ids.slice(Math.max(0, Math.min(...ends)), Math.max(...ends) + 1);
}
