import { useQuery } from '@apollo/client/react';
import type { ReactNode } from 'react';
import { useDays } from '../dates/viewer-days.tsx';
import {
  DoneIcon,
  InboxIcon,
  LogoIcon,
  SearchIcon,
  SettingsIcon,
  TodayIcon,
  TrashIcon,
  UpcomingIcon,
} from '../design/icons.tsx';
import { CountsDocument } from '../generated/graphql.ts';
import { LabelLinks } from '../labels/label-links.tsx';
import { ListLinks } from '../lists/list-links.tsx';
import type { View } from '../navigation/address.ts';
import { viewHref } from '../navigation/address.ts';
import { Link } from '../navigation/link.tsx';
import { useViewer } from '../viewer/viewer.tsx';

/** What a button of the sidebar opens a dialog for. */
export type Addable = 'list' | 'label';

export function Sidebar({ view, onAdd }: { view: View; onAdd: (what: Addable) => void }) {
  const { today } = useDays();
  const { me } = useViewer();
  const { data } = useQuery(CountsDocument, { variables: { today } });
  return (
    <div className="sidebar">
      <header className="brand">
        <LogoIcon /> todoql
      </header>
      <div className="sidebar-views">
        <nav aria-label="Views">
          <ul className="nav-list">
            <NavItem view={view} to={{ kind: 'search', text: '' }} icon={<SearchIcon />} label="Search" />
            <NavItem
              view={view}
              to={{ kind: 'inbox' }}
              icon={<InboxIcon />}
              label="Inbox"
              count={data?.inbox?.totalCount}
            />
            <NavItem
              view={view}
              to={{ kind: 'today' }}
              icon={<TodayIcon />}
              label="Today"
              count={data?.today?.totalCount}
            />
            <NavItem view={view} to={{ kind: 'upcoming' }} icon={<UpcomingIcon />} label="Upcoming" />
            <NavItem view={view} to={{ kind: 'done' }} icon={<DoneIcon />} label="Done" />
          </ul>
        </nav>
        <ListLinks view={view} onAdd={() => onAdd('list')} />
        <LabelLinks view={view} onAdd={() => onAdd('label')} />
      </div>
      <nav aria-label="More" className="sidebar-end">
        <ul className="nav-list">
          <NavItem view={view} to={{ kind: 'trash' }} icon={<TrashIcon />} label="Trash" />
          <NavItem view={view} to={{ kind: 'settings' }} icon={<SettingsIcon />} label={me.email} prefix="Settings:" />
        </ul>
      </nav>
    </div>
  );
}

interface NavItemProps {
  view: View;
  to: View;
  icon: ReactNode;
  label: string;
  /** For screen readers, in place of the icon. */
  prefix?: string;
  count?: number | undefined;
}

function NavItem({ view, to, icon, label, prefix, count = 0 }: NavItemProps) {
  return (
    <li>
      <Link className="nav-link" href={viewHref(to)} aria-current={view.kind === to.kind ? 'page' : undefined}>
        {icon}
        <span className="nav-label">
          {prefix && <span className="visually-hidden">{prefix} </span>}
          {label}
        </span>
        {count > 0 && (
          <span className="nav-count">
            {count}
            <span className="visually-hidden"> open</span>
          </span>
        )}
      </Link>
    </li>
  );
}
