import { addDays } from '../../dates/days.ts';
import type { ViewerDays } from '../../dates/viewer-days.tsx';
import type { View } from '../../navigation/address.ts';
import type { NewTask } from '../actions/create-task.ts';
import type { Subject } from './use-subject.ts';

/** The values of a task that is added in this view; null if the view has no quick add. */
export function quickAddDefaults(
  view: View,
  { list, label }: Subject,
  { today }: ViewerDays,
): Omit<NewTask, 'id' | 'title'> | null {
  const plain = { due: null, list: null, labels: [], parent: null };
  switch (view.kind) {
    case 'inbox':
      return plain;
    case 'today':
      return { ...plain, due: { date: today } };
    case 'upcoming':
      return { ...plain, due: { date: addDays(today, 1) } };
    case 'list':
      return list ? { ...plain, list: { __typename: 'TaskList', ...pick(list), deletedAt: null } } : null;
    case 'label':
      return label ? { ...plain, labels: [{ __typename: 'Label', ...pick(label) }] } : null;
    default:
      return null;
  }
}

const pick = ({ id, name, color }: { id: string; name: string; color: string | null }) => ({ id, name, color });
