import { useQuery } from '@apollo/client/react';
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
import { NavLink } from '../navigation/nav-link.tsx';
import { productName } from '../product-name.ts';
import { useViewer } from '../viewer/viewer.tsx';

/** The dialog that a button of the sidebar opens. */
export type Addable = 'list' | 'label';

export function Sidebar({ view, onAdd }: { view: View; onAdd: (what: Addable) => void }) {
  const { today } = useDays();
  const { me } = useViewer();
  const { data } = useQuery(CountsDocument, { variables: { today } });
  return (
    <div className="sidebar">
      <header className="brand">
        <LogoIcon /> {productName}
      </header>
      <div className="sidebar-views">
        <nav aria-label="Views">
          <ul className="nav-list">
            <li>
              <NavLink view={view} to={{ kind: 'search', text: '' }} icon={<SearchIcon />}>
                Search
              </NavLink>
            </li>
            <li>
              <NavLink view={view} to={{ kind: 'inbox' }} icon={<InboxIcon />} count={data?.inbox?.totalCount}>
                Inbox
              </NavLink>
            </li>
            <li>
              <NavLink view={view} to={{ kind: 'today' }} icon={<TodayIcon />} count={data?.today?.totalCount}>
                Today
              </NavLink>
            </li>
            <li>
              <NavLink view={view} to={{ kind: 'upcoming' }} icon={<UpcomingIcon />}>
                Upcoming
              </NavLink>
            </li>
            <li>
              <NavLink view={view} to={{ kind: 'done' }} icon={<DoneIcon />}>
                Done
              </NavLink>
            </li>
          </ul>
        </nav>
        <ListLinks view={view} onAdd={() => onAdd('list')} />
        <LabelLinks view={view} onAdd={() => onAdd('label')} />
      </div>
      <nav aria-label="More" className="sidebar-end">
        <ul className="nav-list">
          <li>
            <NavLink view={view} to={{ kind: 'trash' }} icon={<TrashIcon />}>
              Trash
            </NavLink>
          </li>
          <li>
            <NavLink view={view} to={{ kind: 'settings' }} icon={<SettingsIcon />}>
              <span className="visually-hidden">Settings: </span>
              {me.email}
            </NavLink>
          </li>
        </ul>
      </nav>
    </div>
  );
}
