import { GripIcon } from '../design/icons.tsx';
import { viewHref } from '../navigation/address.ts';
import { Link } from '../navigation/link.tsx';
import type { Draggable } from '../rows/use-drag.ts';
import type { ListWithCount } from '../viewer/viewer.tsx';

interface ListLinkProps {
  list: ListWithCount;
  isShown: boolean;
  draggable: Draggable;
}

export function ListLink({ list, isShown, draggable }: ListLinkProps) {
  const { id, name, color, openTasks } = list;
  return (
    <li className="list-item" {...draggable.row}>
      <span className="grip" aria-hidden="true" {...draggable.grip}>
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
