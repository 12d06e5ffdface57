import { useEffect, useRef, useState } from 'react';
import { SearchIcon } from '../design/icons.tsx';
import { viewHref } from '../navigation/address.ts';
import { navigate } from '../navigation/navigate.ts';

/** Milliseconds without a key after which what was typed is looked for. */
const pause = 250;

export function SearchBox({ text }: { text: string }) {
  const [typed, setTyped] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const [isComposing, setIsComposing] = useState(false);
  useEffect(() => {
    if (isComposing) return undefined;
    const timer = setTimeout(() => {
      if (typed !== text) navigate(viewHref({ kind: 'search', text: typed }), 'replace');
    }, pause);
    return () => clearTimeout(timer);
  }, [typed, text, isComposing]);
  return (
    <search className="search-box">
      <SearchIcon />
      <input
        ref={input}
        type="search"
        value={typed}
        maxLength={200}
        onChange={(event) => setTyped(event.target.value)}
        onCompositionStart={() => setIsComposing(true)}
        onCompositionEnd={() => setIsComposing(false)}
        placeholder="Words of a title or description"
        aria-label="Search your tasks"
      />
    </search>
  );
}
