/** What the page shows beside the sidebar. */
export type View =
  | { readonly kind: 'inbox' | 'today' | 'upcoming' | 'done' | 'trash' | 'settings' | 'missing' }
  | { readonly kind: 'sign-in' | 'sign-up' }
  | { readonly kind: 'list' | 'label'; readonly id: string }
  | { readonly kind: 'search'; readonly text: string };

export interface Address {
  readonly view: View;
  /** The task that the detail pane shows. */
  readonly taskId: string | null;
}

const plain = ['today', 'upcoming', 'done', 'trash', 'settings', 'sign-in', 'sign-up'] as const;

/** @param href path and query, as `/lists/01a1fd89-…?task=01a1fd90-…` */
export function readAddress(href: string): Address {
  const { pathname, searchParams } = new URL(href, 'http://here');
  return { view: readView(pathname, searchParams), taskId: searchParams.get('task') };
}

export function viewHref(view: View): string {
  switch (view.kind) {
    case 'inbox':
      return '/';
    case 'list':
    case 'label':
      return `/${view.kind}s/${encodeURIComponent(view.id)}`;
    case 'search':
      return view.text === '' ? '/search' : `/search?${new URLSearchParams({ q: view.text })}`;
    default:
      return `/${view.kind}`;
  }
}

/** The same view with another task in the detail pane, or none. */
export function taskHref(view: View, taskId: string | null): string {
  const href = viewHref(view);
  if (taskId === null) return href;
  return `${href}${href.includes('?') ? '&' : '?'}task=${encodeURIComponent(taskId)}`;
}

function readView(pathname: string, query: URLSearchParams): View {
  const [first = '', second = '', ...rest] = pathname.replace(/\/+$/, '').split('/').slice(1);
  if (rest.length > 0) return { kind: 'missing' };
  if (first === '' || (first === 'inbox' && second === '')) return { kind: 'inbox' };
  if (first === 'lists' && second !== '') return { kind: 'list', id: decode(second) };
  if (first === 'labels' && second !== '') return { kind: 'label', id: decode(second) };
  if (second !== '') return { kind: 'missing' };
  if (first === 'search') return { kind: 'search', text: query.get('q') ?? '' };
  const kind = plain.find((name) => name === first);
  return { kind: kind ?? 'missing' };
}

/** Percent signs that encode nothing stay as they are: such an id is none of ours. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
