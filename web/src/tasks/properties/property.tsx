import { type ReactNode, useId, useRef, useState } from 'react';

interface PropertyProps {
  icon: ReactNode;
  label: string;
  /** The current value. */
  value: ReactNode;
  isReadOnly: boolean;
  /** @param close collapses the editor, and returns focus to its button */
  children: (close: () => void) => ReactNode;
}

/** Shows a property on a line, which expands to edit it. */
export function Property({ icon, label, value, isReadOnly, children }: PropertyProps) {
  const [isOpen, setIsOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = () => {
    setIsOpen(false);
    button.current?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Escape folds it in wherever the focus is in it
    <div
      className="property"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !isOpen) return;
        event.preventDefault();
        event.stopPropagation();
        close();
      }}
    >
      <button
        ref={button}
        type="button"
        className="property-line"
        aria-expanded={isOpen}
        aria-controls={id}
        disabled={isReadOnly}
        onClick={() => setIsOpen(!isOpen)}
      >
        {icon}
        <span className="property-label">{label}</span>
        <span className="property-value">{value}</span>
      </button>
      <div id={id} className="property-editor" hidden={!isOpen}>
        {isOpen && children(close)}
      </div>
    </div>
  );
}
