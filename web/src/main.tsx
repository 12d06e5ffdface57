import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './design/tokens.css';
import './design/base.css';
import './design/controls.css';
import './layout/layout.css';
import './tasks/tasks.css';
import './tasks/detail.css';
import './account/account.css';
import { App } from './app.tsx';
import { refreshSession } from './session/refresh-session.ts';
import { Session } from './session/session.ts';

const place = document.getElementById('page');
if (place) {
  createRoot(place).render(
    <StrictMode>
      <App session={new Session(localStorage, refreshSession)} />
    </StrictMode>,
  );
}
