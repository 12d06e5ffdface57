import { useState } from 'react';
import { browserStorage } from '../browser-storage.ts';

type Theme = 'system' | 'light' | 'dark';

const themes: readonly { readonly theme: Theme; readonly label: string }[] = [
  { theme: 'system', label: 'System' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
];

/** The theme of the system, or always light or dark. `public/theme.js` applies it before the first paint. */
export function ThemeSwitch() {
  const [selected, setSelected] = useState<Theme>(readTheme);
  const select = (theme: Theme) => {
    if (theme === 'system') browserStorage.removeItem('todoql:theme');
    else browserStorage.setItem('todoql:theme', theme);
    applyTheme(theme);
    setSelected(theme);
  };
  return (
    <fieldset className="segments">
      <legend className="visually-hidden">Colours</legend>
      {themes.map(({ theme, label }) => (
        <label key={theme}>
          <input type="radio" name="theme" checked={theme === selected} onChange={() => select(theme)} />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}

function readTheme(): Theme {
  const theme = browserStorage.getItem('todoql:theme');
  return theme === 'light' || theme === 'dark' ? theme : 'system';
}

function applyTheme(theme: Theme): void {
  if (theme === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
