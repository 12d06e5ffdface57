import { ThemeSwitch } from '../design/theme-switch.tsx';
import { useSession } from '../session/session-context.tsx';

export default function Settings() {
  const session = useSession();
  return (
    <div className="view">
      <h1>Settings</h1>
      <ThemeSwitch />
      <button type="button" className="button" onClick={() => session.end(null)}>
        Sign out
      </button>
    </div>
  );
}
