import { useEffect, useRef, useState } from 'react';
import { useToasts } from '../layout/toast-stack.tsx';

/** Loads the next page when it comes into sight. It is a button for those who get to it otherwise. */
export function LoadMore({ onLoad }: { onLoad: () => Promise<unknown> }) {
  const toasts = useToasts();
  const ref = useRef<HTMLButtonElement>(null);
  const [isLoading, setIsLoading] = useState(false);
  const load = async () => {
    if (isLoading) return;
    setIsLoading(true);
    await onLoad().catch((error) => toasts.tellProblem(error));
    setIsLoading(false);
  };
  const latest = useRef(load);
  latest.current = load;
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
  }, []);
  return (
    <button ref={ref} type="button" className="button load-more" onClick={load} aria-disabled={isLoading}>
      {isLoading ? 'Loading…' : 'Load more'}
    </button>
  );
}
