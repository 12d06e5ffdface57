import { useEffect } from 'react';

/** Milliseconds for the first view to load. */
const patience = 1_000;

/**
 * Loads the remaining code after the first view, so that it is available even if the network fails, or a new version of the
 * page has removed the files of this one.
 */
export function usePreload(): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      // After a failure, it is loaded again when it is needed.
      void Promise.allSettled([
        import('../tasks/actions/all-actions.ts'),
        import('../tasks/queries/load-all.ts'),
        import('../tasks/pane/task-detail.tsx'),
        import('../tasks/selection/bulk-bar.tsx'),
        import('../tasks/view/completed-tasks.tsx'),
        import('../tasks/trash/purge-dialog.tsx'),
        import('../tasks/trash/empty-trash.tsx'),
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
