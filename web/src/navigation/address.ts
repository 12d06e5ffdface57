/** The view next to the sidebar. */
export type View =
  | { readonly kind: 'inbox' | 'today' | 'upcoming' | 'done' | 'trash' | 'settings' | 'missing' }
  | { readonly kind: 'sign-in' | 'sign-up' }
  | { readonly kind: 'list' | 'label'; readonly id: string }
  | { readonly kind: 'search'; readonly text: string };

const emailLinks = ['forgot-password', 'reset-password', 'verify-email', 'confirm-email'] as const;

/** A page that a link in an e-mail opens, or that asks for such a link. It needs no session. */
export interface EmailLinkView {
  readonly kind: (typeof emailLinks)[number];
}

export interface Address {
  readonly view: View | EmailLinkView;
  /** The task that the detail pane shows. */
  readonly taskId: string | null;
}

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const plain = ['today', 'upcoming', 'done', 'trash', 'settings', 'sign-in', 'sign-up'] as const;

/** @param href path and query, such as `/lists/01a1fd89-…?task=01a1fd90-…` */
export function readAddress(href: string): Address {
  const { pathname, searchParams } = new URL(`http://here${href}`);
  const taskId = searchParams.get('task');
  return { view: readView(pathname, searchParams), taskId: taskId && uuid.test(taskId) ? taskId : null };
}

export function viewHref(view: View): string {
  switch (view.kind) {
    case 'inbox':
      return '/';
    case 'list':
    case 'label':
      return `/${view.kind}s/${view.id}`;
    case 'search':
      return view.text === '' ? '/search' : `/search?${new URLSearchParams({ q: view.text })}`;
    default:
      return `/${view.kind}`;
  }
}

/** Whether it is the same without a session as with one. */
export function isEmailLink(view: View | EmailLinkView): view is EmailLinkView {
  return emailLinks.some((kind) => kind === view.kind);
}

/** The same view with another task in the detail pane, or none. */
export function taskHref(view: View, taskId: string | null): string {
  const href = viewHref(view);
  if (taskId === null) return href;
  return `${href}${href.includes('?') ? '&' : '?'}task=${encodeURIComponent(taskId)}`;
}

function readView(pathname: string, query: URLSearchParams): View | EmailLinkView {
  const [first = '', second = '', ...rest] = pathname.replace(/\/+$/, '').split('/').slice(1);
  if (rest.length > 0) return { kind: 'missing' };
  if (first === '' || (first === 'inbox' && second === '')) return { kind: 'inbox' };
  if (first === 'lists' && uuid.test(second)) return { kind: 'list', id: second.toLowerCase() };
  if (first === 'labels' && uuid.test(second)) return { kind: 'label', id: second.toLowerCase() };
  if (second !== '') return { kind: 'missing' };
  if (first === 'search') return { kind: 'search', text: query.get('q') ?? '' };
  const kind = [...plain, ...emailLinks].find((name) => name === first);
  return { kind: kind ?? 'missing' };
}
