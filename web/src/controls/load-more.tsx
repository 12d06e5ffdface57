import { useEffect, useRef, useState } from 'react';
import { useToasts } from '../messages/toast-stack.tsx';

/** Loads the next page when it becomes visible. A button, so that it also works by keyboard. */
export function LoadMore({ onLoad }: { onLoad: () => Promise<unknown> }) {
  const toasts = useToasts();
  const ref = useRef<HTMLButtonElement>(null);
  const [isLoading, setIsLoading] = useState(false);
  const [loaded, setLoaded] = useState(0);
  const load = async () => {
    if (isLoading) return;
    setIsLoading(true);
    await onLoad().then(
      () => setLoaded((count) => count + 1),
      (error) => toasts.showProblem(error),
    );
    setIsLoading(false);
  };
  const latest = useRef(load);
  latest.current = load;
  // A new observer for each page: it reports only changes, and a short page may leave the button visible. Not after a
  // failure, which would repeat for ever.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the number of pages is what the effect runs for
  useEffect(() => {
    const button = ref.current;
    if (!button) return undefined;
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && void latest.current(),
      {
        rootMargin: '400px',
      },
    );
    observer.observe(button);
    return () => observer.disconnect();
  }, [loaded]);
  return (
    <button ref={ref} type="button" className="button load-more" onClick={load} aria-disabled={isLoading}>
      {isLoading ? 'Loading…' : 'Load more'}
    </button>
  );
}
