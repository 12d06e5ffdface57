import type { AnchorHTMLAttributes, ReactNode } from 'react';
import { type View, viewHref } from './address.ts';
import { Link } from './link.tsx';

interface NavLinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  /** The current view, and the target of the link. */
  view: View;
  to: View;
  icon: ReactNode;
  /** The number of open tasks there. */
  count?: number | undefined;
}

/** A link of the sidebar. */
export function NavLink({ view, to, icon, count = 0, children, ...rest }: NavLinkProps) {
  const isShown = view.kind === to.kind && idOf(view) === idOf(to);
  return (
    <Link className="nav-link" href={viewHref(to)} aria-current={isShown ? 'page' : undefined} {...rest}>
      {icon}
      <span className="nav-label">{children}</span>
      {count > 0 && (
        <span className="nav-count">
          {count}
          <span className="visually-hidden"> open</span>
        </span>
      )}
    </Link>
  );
}

const idOf = (view: View): string | null => ('id' in view ? view.id : null);
