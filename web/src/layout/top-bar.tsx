import { LogoIcon, MenuIcon, SearchIcon } from '../design/icons.tsx';
import { Link } from '../navigation/link.tsx';
import { productName } from '../product-name.ts';

/** Replaces the sidebar on a narrow screen. */
export function TopBar({ onOpenMenu }: { onOpenMenu: () => void }) {
  return (
    <header className="top-bar">
      <button type="button" className="icon-button" aria-label="Menu" aria-haspopup="dialog" onClick={onOpenMenu}>
        <MenuIcon />
      </button>
      <Link className="brand" href="/">
        <LogoIcon /> {productName}
      </Link>
      <Link className="icon-button" href="/search" aria-label="Search">
        <SearchIcon />
      </Link>
    </header>
  );
}
