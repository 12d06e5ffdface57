import { useEffect, useRef } from 'react';
import { browserStorage } from '../browser-storage.ts';
import { useToasts } from '../messages/toast-stack.tsx';
import { viewHref } from '../navigation/address.ts';
import { navigate } from '../navigation/navigate.ts';

/** Milliseconds within which the second key of a pair must follow. */
const pairTime = 1_500;

const viewKeys: Readonly<Record<string, string>> = {
  i: viewHref({ kind: 'inbox' }),
  t: viewHref({ kind: 'today' }),
  u: viewHref({ kind: 'upcoming' }),
  d: viewHref({ kind: 'done' }),
};

/** Single-key shortcuts, active unless the user is typing. They can be turned off (WCAG 2.1.4). */
export function useShortcuts(onHelp: () => void): void {
  const pairUntil = useRef(0);
  useEffect(() => {
    const effects: Readonly<Record<string, () => void>> = {
      n: addTask,
      '/': () => navigate(viewHref({ kind: 'search', text: '' })),
      '?': onHelp,
      g: () => {
        pairUntil.current = Date.now() + pairTime;
      },
    };
    const onKeyDown = (event: KeyboardEvent) => {
      if (isForOthers(event) || !areShortcutsOn()) return;
      const href = Date.now() < pairUntil.current ? viewKeys[event.key] : undefined;
      const effect = href === undefined ? effects[event.key] : () => navigate(href);
      if (!effect) return;
      event.preventDefault();
      effect();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [onHelp]);
}

/** Ctrl+Z runs the undo that a toast offers, in dialogs too. Not a single key, so that it cannot be turned off. */
export function useUndoKey(): void {
  const toasts = useToasts();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const isUndo = event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      if (isUndo && !isTyping(event.target) && toasts.undo()) event.preventDefault();
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, [toasts]);
}

const settingKey = 'todoql:shortcuts';

/** Whether single-key shortcuts are on; by default they are. */
export const areShortcutsOn = (): boolean => browserStorage.getItem(settingKey) !== 'off';

export function setShortcuts(isOn: boolean): void {
  if (isOn) browserStorage.removeItem(settingKey);
  else browserStorage.setItem(settingKey, 'off');
}

/** Whether keys type text in this element. */
export function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Whether a key types text, is a command of the browser, or belongs to a dialog. */
function isForOthers(event: KeyboardEvent): boolean {
  const isCommand = event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey;
  return isCommand || isTyping(event.target) || document.querySelector('dialog[open]') !== null;
}

function addTask(): void {
  const input = document.querySelector<HTMLElement>('[data-quick-add]');
  if (input) {
    input.focus();
    return;
  }
  navigate('/');
  setTimeout(() => document.querySelector<HTMLElement>('[data-quick-add]')?.focus());
}
