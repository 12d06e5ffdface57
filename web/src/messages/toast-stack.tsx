import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react';
import { CloseIcon } from '../design/icons.tsx';
import type { Toast, Toasts } from './toasts.ts';

const ToastsContext = createContext<Toasts | null>(null);

export function ToastsProvider({ toasts, children }: { toasts: Toasts; children: ReactNode }) {
  return (
    <ToastsContext value={toasts}>
      {children}
      <ToastStack />
    </ToastsContext>
  );
}

export function useToasts(): Toasts {
  const toasts = use(ToastsContext);
  if (!toasts) throw new Error('useToasts needs a ToastsProvider around it.');
  return toasts;
}

/** The toasts. Modal dialogs show them too, because nothing outside a dialog can be reached. */
export function ToastStack() {
  const toasts = useToasts();
  const shown = useSyncExternalStore(toasts.subscribe, toasts.get);
  return (
    <section className="toasts" aria-label="Messages" aria-live="polite" aria-relevant="additions">
      {shown.map((toast) => (
        <ToastCard key={toast.id} toast={toast} toasts={toasts} />
      ))}
    </section>
  );
}

function ToastCard({ toast, toasts }: { toast: Toast; toasts: Toasts }) {
  const { id, text, actions, isProblem, isQuestion } = toast;
  const [isPointedAt, setIsPointedAt] = useState(false);
  const [hasFocus, setHasFocus] = useState(false);
  const isHeld = isPointedAt || hasFocus;
  useEffect(() => (isHeld ? toasts.hold(id) : undefined), [isHeld, toasts, id]);
  const onClose = () => toasts.dismiss(id);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only stays while it is looked at
    <div
      className="toast"
      data-problem={isProblem || undefined}
      onPointerEnter={() => setIsPointedAt(true)}
      onPointerLeave={() => setIsPointedAt(false)}
      onFocus={() => setHasFocus(true)}
      onBlur={() => setHasFocus(false)}
    >
      <p>{text}</p>
      {actions.map(({ label, run }) => (
        <button
          key={label}
          type="button"
          className="toast-action"
          onClick={() => {
            onClose();
            run();
            // The button will have disappeared.
            setTimeout(() => document.activeElement === document.body && document.getElementById('main')?.focus());
          }}
        >
          {label}
        </button>
      ))}
      {!isQuestion && (
        <button type="button" className="icon-button" aria-label="Dismiss" onClick={onClose}>
          <CloseIcon />
        </button>
      )}
    </div>
  );
}
