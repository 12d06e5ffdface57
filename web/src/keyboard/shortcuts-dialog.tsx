import { useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { areShortcutsOn, setShortcuts } from './shortcuts.ts';

const shortcuts: readonly { readonly heading: string; readonly keys: readonly (readonly [string, string])[] }[] = [
  {
    heading: 'Anywhere',
    keys: [
      ['N', 'New task'],
      ['/', 'Search'],
      ['G I', 'Inbox'],
      ['G T', 'Today'],
      ['G U', 'Upcoming'],
      ['G D', 'Done'],
      ['Ctrl Z', 'Undo'],
      ['?', 'Keyboard shortcuts'],
    ],
  },
  {
    heading: 'On a task',
    keys: [
      ['↑ ↓', 'Previous or next task'],
      ['Enter', 'Open'],
      ['E', 'Rename'],
      ['C', 'Complete'],
      ['Space', 'Select'],
      ['Delete', 'Delete'],
      ['Alt ↑ ↓', 'Move'],
      ['Esc', 'Close'],
    ],
  },
];

export default function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const [isOn, setIsOn] = useState(areShortcutsOn);
  const toggle = () => {
    setShortcuts(!isOn);
    setIsOn(!isOn);
  };
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <div className="shortcuts">
        {shortcuts.map(({ heading, keys }) => (
          <section key={heading}>
            <h3 className="field-label">{heading}</h3>
            <dl>
              {keys.map(([key, meaning]) => (
                <div key={key}>
                  <dt>
                    <kbd>{key}</kbd>
                  </dt>
                  <dd>{meaning}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <label className="switch">
        <input type="checkbox" checked={isOn} onChange={toggle} /> Enable single-key shortcuts
      </label>
    </Dialog>
  );
}
