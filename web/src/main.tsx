import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './design/tokens.css';
import './design/base.css';
import './design/buttons.css';
import './design/fields.css';
import './design/dialog.css';
import './layout/frame.css';
import './layout/sidebar.css';
import './layout/messages.css';
import './session/entrance.css';
import './tasks/view.css';
import './tasks/task-row.css';
import './tasks/task-parts.css';
import './tasks/bulk-and-done.css';
import './tasks/detail.css';
import './tasks/properties.css';
import './account/account.css';
import { App } from './app.tsx';
import { keepCompositionsToThemselves } from './layout/composition.ts';
import { refreshSession } from './session/refresh-session.ts';
import { Session } from './session/session.ts';
import { browserStorage } from './storage/browser-storage.ts';

keepCompositionsToThemselves();
const place = document.getElementById('page');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <App session={new Session(browserStorage, refreshSession)} />
    </StrictMode>,
  );
}
