import { useEffect } from 'react';

/** Names the view in the browser's tab. */
export function useDocumentTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · todoql`;
  }, [title]);
}
