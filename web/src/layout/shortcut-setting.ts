import { browserStorage } from '../storage/browser-storage.ts';

const key = 'todoql:shortcuts';

/** Whether single keys do things; on unless turned off in this browser. */
export const areShortcutsOn = (): boolean => browserStorage.getItem(key) !== 'off';

export function setShortcuts(isOn: boolean): void {
  if (isOn) browserStorage.removeItem(key);
  else browserStorage.setItem(key, 'off');
}
