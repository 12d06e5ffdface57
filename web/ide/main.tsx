import { createRoot } from 'react-dom/client';
import { v7 as uuidv7 } from 'uuid';
import './workers.ts';
import { Ide } from './ide.tsx';
import { Session } from './session.ts';
import { safeStorage } from './storage.ts';
import './style.css';

const place = document.getElementById('ide');
const session = new Session(safeStorage(() => sessionStorage));
if (place) createRoot(place).render(<Ide session={session} taskId={uuidv7({ msecs: await serverTime() })} />);

/** Uses the server's time, because the server rejects an id from the future, and this device's clock may be wrong. */
async function serverTime(): Promise<number> {
  try {
    const response = await fetch(location.pathname, { method: 'HEAD', headers: { accept: 'text/html' } });
    return Date.parse(response.headers.get('date') ?? '') || Date.now();
  } catch {
    return Date.now();
  }
}
