import { LabelIcon, PlusIcon } from '../design/icons.tsx';
import { type View, viewHref } from '../navigation/address.ts';
import { Link } from '../navigation/link.tsx';
import { useViewer } from '../viewer/viewer.tsx';

/** The labels in the sidebar. */
export function LabelLinks({ view, onAdd }: { view: View; onAdd: () => void }) {
  const { labels } = useViewer();
  return (
    <nav aria-labelledby="labels-heading">
      <div className="nav-heading">
        <h2 id="labels-heading">Labels</h2>
        <button type="button" className="icon-button" aria-label="New label" aria-haspopup="dialog" onClick={onAdd}>
          <PlusIcon />
        </button>
      </div>
      {labels.length === 0 && <p className="nav-hint">A label marks tasks across all lists.</p>}
      <ul className="nav-list">
        {labels.map(({ id, name, color }) => (
          <li key={id}>
            <Link
              className="nav-link"
              href={viewHref({ kind: 'label', id })}
              aria-current={view.kind === 'label' && view.id === id ? 'page' : undefined}
            >
              <span className="label-mark" style={color ? { color } : undefined}>
                <LabelIcon />
              </span>
              <span className="nav-label">{name}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
