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
        import('../tasks/actions/all-actions.ts'),
        import('../tasks/queries/load-all.ts'),
        import('../tasks/pane/task-detail.tsx'),
        import('../tasks/selection/bulk-bar.tsx'),
        import('../tasks/view/completed-tasks.tsx'),
        import('../tasks/trash/purge-dialog.tsx'),
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
