import { useEffect, useId, useRef, useState } from 'react';
import { SearchIcon } from '../../design/icons.tsx';
import { FieldProblem, problemAttributes } from '../../forms/field-problem.tsx';
import { lengthProblem, limits } from '../../forms/text-limits.ts';
import { viewHref } from '../../navigation/address.ts';
import { navigate } from '../../navigation/navigate.ts';

/** Milliseconds after the last key until the search starts. */
const pause = 250;

export function SearchBox({ text }: { text: string }) {
  const [typed, setTyped] = useState(text);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const [isComposing, setIsComposing] = useState(false);
  const excess = lengthProblem(typed, limits.search);
  const id = useId();
  useEffect(() => {
    if (isComposing || excess !== null) return undefined;
    const timer = setTimeout(() => {
      if (typed !== text) navigate(viewHref({ kind: 'search', text: typed }), 'replace');
    }, pause);
    return () => clearTimeout(timer);
  }, [typed, text, isComposing, excess]);
  return (
    <search>
      <div className="search-box">
        <SearchIcon />
        <input
          ref={input}
          type="search"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onCompositionStart={() => setIsComposing(true)}
          onCompositionEnd={() => setIsComposing(false)}
          placeholder="Search titles and notes"
          aria-label="Search your tasks"
          {...problemAttributes(id, excess)}
        />
      </div>
      <FieldProblem id={id} problem={excess} />
    </search>
  );
}
