import type { ReactNode } from 'react';
import { ThemeSwitch } from '../controls/theme-switch.tsx';
import { LogoIcon } from '../design/icons.tsx';
import { useDocumentTitle } from '../navigation/use-document-title.ts';
import { productName } from '../product-name.ts';

interface EntranceProps {
  title: string;
  children: ReactNode;
  /** Links to other ways in. */
  other?: ReactNode;
}

/** The frame of the pages that need no session. */
export function Entrance({ title, children, other }: EntranceProps) {
  useDocumentTitle(title);
  return (
    <main className="entrance">
      <div className="entrance-card">
        <p className="brand">
          <LogoIcon /> {productName}
        </p>
        <h1>{title}</h1>
        {children}
        {other && <p className="entrance-other">{other}</p>}
      </div>
      <ThemeSwitch />
    </main>
  );
}
