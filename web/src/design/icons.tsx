import type { ReactNode } from 'react';

/** On a 24 × 24 grid, in the colour of the adjacent text, which also describes them. */
function Icon({ children }: { children: ReactNode }) {
  return (
    <svg className="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {children}
    </svg>
  );
}

const shape = (path: string) => () => (
  <Icon>
    <path d={path} />
  </Icon>
);

export const InboxIcon = shape(
  'M4 13.5 6.6 5.8A1.5 1.5 0 0 1 8 4.8h8a1.5 1.5 0 0 1 1.4 1l2.6 7.7v4.2a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 17.7zm0 0h4.2l1.4 2.4h4.8l1.4-2.4H20',
);
export const TodayIcon = shape(
  'M12 3.8v2M12 18.2v2M3.8 12h2M18.2 12h2M6.2 6.2l1.4 1.4M16.4 16.4l1.4 1.4M6.2 17.8l1.4-1.4M16.4 7.6l1.4-1.4M15.6 12a3.6 3.6 0 1 1-7.2 0 3.6 3.6 0 0 1 7.2 0',
);
export const UpcomingIcon = shape(
  'M4.5 9.5h15M8 3.8v3M16 3.8v3M6 5.3h12a1.5 1.5 0 0 1 1.5 1.5v11.4a1.5 1.5 0 0 1-1.5 1.5H6a1.5 1.5 0 0 1-1.5-1.5V6.8A1.5 1.5 0 0 1 6 5.3',
);
export const DoneIcon = shape('M20 12a8 8 0 1 1-16 0 8 8 0 0 1 16 0M8.6 12.3l2.4 2.4 4.6-5');
export const TrashIcon = shape(
  'M5 7h14M10 7V4.8h4V7M7 7l.8 11.4a1.5 1.5 0 0 0 1.5 1.4h5.4a1.5 1.5 0 0 0 1.5-1.4L17 7M10.4 10.8v5.2M13.6 10.8v5.2',
);
export const SearchIcon = shape('M16.5 11a5.5 5.5 0 1 1-11 0 5.5 5.5 0 0 1 11 0M15 15l4.5 4.5');
export const SettingsIcon = shape(
  'M15.2 8.4a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0M5.5 19.5c.5-3.4 3.2-5.4 6.5-5.4s6 2 6.5 5.4',
);
export const PlusIcon = shape('M12 5.5v13M5.5 12h13');
export const CloseIcon = shape('m6.5 6.5 11 11M17.5 6.5l-11 11');
export const MenuIcon = shape('M4.5 7.5h15M4.5 12h15M4.5 16.5h15');
export const PencilIcon = shape('m5 19 .9-3.9L15.6 5.4a1.4 1.4 0 0 1 2 0l1 1a1.4 1.4 0 0 1 0 2L8.9 18.1zM14 7l3 3');
export const SelectIcon = shape('M4.5 6.5 6 8l2.5-3M4.5 16.5 6 18l2.5-3M12 7h7.5M12 17h7.5');
export const FlagIcon = shape('M6.5 20V4.8M6.5 5.2c3.5-1.6 6.5 1.6 11 0v8c-4.5 1.6-7.5-1.6-11 0');
export const LabelIcon = shape(
  'M4.8 11.2V6.3a1.5 1.5 0 0 1 1.5-1.5h4.9a1.5 1.5 0 0 1 1 .4l6.6 6.6a1.5 1.5 0 0 1 0 2.1l-4.9 4.9a1.5 1.5 0 0 1-2.1 0l-6.6-6.6a1.5 1.5 0 0 1-.4-1M8.6 8.6h.01',
);
export const ListIcon = shape('M8.5 7h11M8.5 12h11M8.5 17h11M4.5 7h.01M4.5 12h.01M4.5 17h.01');
export const SubtaskIcon = shape('M6 4.5v9a3 3 0 0 0 3 3h4M6 8.5h7M13.5 6.5h5v4h-5zM13.5 14.5h5v4h-5z');
export const ChevronIcon = shape('m9 6.5 5.5 5.5L9 17.5');
export const RestoreIcon = shape('M5 12a7 7 0 1 0 2.2-5.1L5 9M5 4.8V9h4.2');
export const GripIcon = shape('M9.5 7h.01M14.5 7h.01M9.5 12h.01M14.5 12h.01M9.5 17h.01M14.5 17h.01');

export function LogoIcon() {
  return (
    <svg className="logo" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="9" />
      <path d="m9.5 16.5 4.5 4.5 8.5-10" />
    </svg>
  );
}
