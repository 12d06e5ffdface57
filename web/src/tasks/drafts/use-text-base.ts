import { useRef } from 'react';

/**
 * What a text was when typing over it began, and the version that it was of. A change of another field, which leaves the text
 * alone, is no conflict; nor is what was sent from here, while the typing went on.
 */
export function useTextBase(typed: string | null, text: string, version: number) {
  const base = useRef({ text, version });
  const sent = useRef<string | null>(null);
  if (typed === null || text === base.current.text || text === sent.current) base.current = { text, version };
  return { base, sent };
}
