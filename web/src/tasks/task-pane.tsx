import type { View } from '../navigation/address.ts';

export function TaskPane(_: { view: View; taskId: string | null }) {
  return null;
}
