const key = 'todoql:shortcuts';

/** Whether single keys do things; on unless turned off in this browser. */
export const areShortcutsOn = (): boolean => localStorage.getItem(key) !== 'off';

export function setShortcuts(isOn: boolean): void {
  if (isOn) localStorage.removeItem(key);
  else localStorage.setItem(key, 'off');
}
