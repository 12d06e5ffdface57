import { useEffect } from 'react';

/** Milliseconds after which the first view stands. */
const patience = 1_000;

/**
 * Loads what the first view does without, once that stands: it is there then without the network too, and where a new
 * version of the page has taken the files of this one away.
 */
export function usePreload(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      // What fails is asked for again when it is needed.
      void Promise.allSettled([
        import('../tasks/task-changes.ts'),
        import('../tasks/load-all.ts'),
        import('../tasks/task-detail.tsx'),
        import('../tasks/bulk-bar.tsx'),
        import('../tasks/completed-tasks.tsx'),
        import('../tasks/purge-dialog.tsx'),
        import('../lists/trashed-lists.tsx'),
        import('../lists/list-dialog.tsx'),
        import('../labels/label-dialog.tsx'),
        import('../account/settings.tsx'),
        import('../keyboard/shortcuts-dialog.tsx'),
      ]);
    }, patience);
    return () => clearTimeout(timer);
  }, []);
}
