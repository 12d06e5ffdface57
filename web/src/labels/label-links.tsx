import { LabelIcon, PlusIcon } from '../design/icons.tsx';
import type { View } from '../navigation/address.ts';
import { NavLink } from '../navigation/nav-link.tsx';
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
      {labels.length === 0 && <p className="nav-hint">Labels mark tasks across lists.</p>}
      <ul className="nav-list">
        {labels.map(({ id, name, color }) => (
          <li key={id}>
            <NavLink view={view} to={{ kind: 'label', id }} icon={<LabelMark color={color} />}>
              {name}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function LabelMark({ color }: { color: string | null }) {
  return (
    <span className="label-mark" style={color ? { color } : undefined}>
      <LabelIcon />
    </span>
  );
}
