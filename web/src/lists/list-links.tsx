import { GripIcon, PlusIcon } from '../design/icons.tsx';
import type { View } from '../navigation/address.ts';
import { NavLink } from '../navigation/nav-link.tsx';
import type { Draggable } from '../rows/use-drag.ts';
import { type ListWithCount, useViewer } from '../viewer/viewer.tsx';
import { useListOrder } from './use-list-order.ts';

/** The lists in the sidebar, which the user can reorder. Tasks can be dropped on them. */
export function ListLinks({ view, onAdd }: { view: View; onAdd: () => void }) {
  const { lists } = useViewer();
  const { ref, draggable, onKeyDown, announcement } = useListOrder(lists);
  return (
    <nav aria-labelledby="lists-heading">
      <div className="nav-heading">
        <h2 id="lists-heading">Lists</h2>
        <button type="button" className="icon-button" aria-label="New list" aria-haspopup="dialog" onClick={onAdd}>
          <PlusIcon />
        </button>
      </div>
      {lists.length === 0 && <p className="nav-hint">Lists group tasks that belong together.</p>}
      <p className="visually-hidden" aria-live="assertive">
        {announcement}
      </p>
      <ul className="nav-list" ref={ref} onKeyDown={onKeyDown}>
        {lists.map((list) => (
          <ListLink key={list.id} list={list} view={view} draggable={draggable(list.id)} />
        ))}
      </ul>
    </nav>
  );
}

interface ListLinkProps {
  list: ListWithCount;
  view: View;
  draggable: Draggable;
}

function ListLink({ list: { id, name, color, openTasks }, view, draggable }: ListLinkProps) {
  const dot = <span className="dot" style={color ? { backgroundColor: color } : undefined} />;
  return (
    <li className="list-item" {...draggable.row}>
      <span className="grip" aria-hidden="true" {...draggable.grip}>
        <GripIcon />
      </span>
      <NavLink view={view} to={{ kind: 'list', id }} icon={dot} count={openTasks} data-row-focus data-drop-list={id}>
        {name}
      </NavLink>
    </li>
  );
}
