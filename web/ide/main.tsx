import { createRoot } from 'react-dom/client';
import './workers.ts';
import { Ide } from './ide.tsx';
import { Session } from './session.ts';
import { safeStorage } from './storage.ts';
import './style.css';

const place = document.getElementById('ide');
if (place) createRoot(place).render(<Ide session={new Session(safeStorage(() => sessionStorage))} />);
