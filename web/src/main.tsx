import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './design/tokens.css';
import './design/base.css';
import './design/icons.css';
import './controls/buttons.css';
import './forms/fields.css';
import './controls/dialog.css';
import './layout/layout.css';
import './layout/sidebar.css';
import './messages/messages.css';
import './sign-in/sign-in.css';
import './tasks/view/view.css';
import './tasks/view/empty-view.css';
import './tasks/view/completed-tasks.css';
import './tasks/list/task-list.css';
import './tasks/row/task-row.css';
import './tasks/row/task-meta.css';
import './tasks/row/checkbox.css';
import './rows/rows.css';
import './tasks/selection/bulk-bar.css';
import './lists/trashed-lists.css';
import './tasks/pane/pane.css';
import './tasks/properties/properties.css';
import './account/account.css';
import './keyboard/shortcuts-dialog.css';
import { App } from './app.tsx';
import { browserStorage } from './browser-storage.ts';
import { refreshSession } from './graphql/exchange-refresh-token.ts';
import { ignoreKeysWhileComposing } from './keyboard/composition.ts';
import { Session } from './session/session.ts';

ignoreKeysWhileComposing();
const container = document.getElementById('page');
if (container) {
  createRoot(container).render(
    <StrictMode>
      <App session={new Session(browserStorage, refreshSession)} />
    </StrictMode>,
  );
}
