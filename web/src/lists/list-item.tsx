import type { HTMLAttributes } from 'react';
import { GripIcon } from '../design/icons.tsx';
import { viewHref } from '../navigation/address.ts';
import { Link } from '../navigation/link.tsx';
import type { Drag, DropSide } from '../rows/use-drag.ts';
import type { ListWithCount } from '../viewer/viewer.tsx';

interface ListItemProps {
  list: ListWithCount;
  isShown: boolean;
  drag: Drag | null;
  drop: DropSide;
  grip: HTMLAttributes<HTMLElement>;
}

export function ListItem({ list, isShown, drag, drop, grip }: ListItemProps) {
  const { id, name, color, openTasks } = list;
  const isDragged = drag?.id === id;
  return (
    <li
      className="list-item"
      data-row={id}
      data-dragged={isDragged || undefined}
      data-drop={drop}
      style={isDragged ? { transform: `translateY(${drag.offset}px)` } : undefined}
    >
      <span className="grip" aria-hidden="true" {...grip}>
        <GripIcon />
      </span>
      <Link
        className="nav-link"
        href={viewHref({ kind: 'list', id })}
        data-row-focus
        data-drop-list={id}
        aria-current={isShown ? 'page' : undefined}
      >
        <span className="dot" style={color ? { backgroundColor: color } : undefined} />
        <span className="nav-label">{name}</span>
        {openTasks > 0 && (
          <span className="nav-count">
            {openTasks}
            <span className="visually-hidden"> open</span>
          </span>
        )}
      </Link>
    </li>
  );
}
