import { useRef } from 'react';

/**
 * The text when editing began, and its version. Changes of other fields are no conflict, nor are changes that were sent from
 * here during the edit.
 */
export function useTextBase(typed: string | null, text: string, version: number) {
  const base = useRef({ text, version });
  const sent = useRef<string | null>(null);
  if (typed === null || text === base.current.text || text === sent.current) base.current = { text, version };
  return { base, sent };
}
