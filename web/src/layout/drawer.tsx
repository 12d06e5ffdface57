import { type ReactNode, useEffect, useRef } from 'react';
import { ToastStack } from '../messages/toast-stack.tsx';

/** The sidebar on a narrow screen: it covers the page, and keeps focus until it closes. */
export function Drawer({ isOpen, onClose, children }: { isOpen: boolean; onClose: () => void; children: ReactNode }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (isOpen) ref.current?.showModal();
    else ref.current?.close();
  }, [isOpen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a dialog by itself
    <dialog
      ref={ref}
      className="drawer"
      aria-label="Menu"
      // The event of a dialog inside bubbles up to here, too.
      onClose={(event) => event.target === ref.current && onClose()}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      {children}
      <ToastStack />
    </dialog>
  );
}
