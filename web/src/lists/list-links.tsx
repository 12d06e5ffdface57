import { lazy, Suspense, useState } from 'react';
import { PlusIcon } from '../design/icons.tsx';
import { useFrame } from '../layout/frame-data.tsx';
import { type View, viewHref } from '../navigation/address.ts';
import { Link } from '../navigation/link.tsx';

const ListDialog = lazy(() => import('./list-dialog.tsx'));

/** The lists in the sidebar. Tasks can be dropped on them. */
export function ListLinks({ view }: { view: View }) {
  const { lists } = useFrame();
  const [isAdding, setIsAdding] = useState(false);
  return (
    <nav aria-labelledby="lists-heading">
      <div className="nav-heading">
        <h2 id="lists-heading">Lists</h2>
        <button type="button" className="icon-button" aria-label="New list" onClick={() => setIsAdding(true)}>
          <PlusIcon />
        </button>
      </div>
      {lists.length === 0 && <p className="nav-hint">A list keeps tasks that belong together.</p>}
      <ul className="nav-list">
        {lists.map(({ id, name, color, openTasks }) => (
          <li key={id}>
            <Link
              className="nav-link"
              href={viewHref({ kind: 'list', id })}
              data-drop-list={id}
              aria-current={view.kind === 'list' && view.id === id ? 'page' : undefined}
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
        ))}
      </ul>
      <Suspense fallback={null}>{isAdding && <ListDialog list={null} onClose={() => setIsAdding(false)} />}</Suspense>
    </nav>
  );
}
