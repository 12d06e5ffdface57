import { longDay } from '../../dates/days.ts';
import type { ViewerDays } from '../../dates/viewer-days.tsx';
import type { View } from '../../navigation/address.ts';
import type { Subject } from './use-subject.ts';

/** The texts of a view. */
export interface ViewText {
  readonly title: string;
  readonly subtitle: string | null;
  readonly empty: { readonly title: string; readonly hint: string };
}

/** Replaces the first hint after tasks have been completed there. */
export const allDone: ViewText['empty'] = { title: 'All done', hint: 'Every task here is completed.' };

const words: Record<Exclude<View['kind'], 'list' | 'label' | 'search'>, Omit<ViewText, 'subtitle'>> = {
  inbox: {
    title: 'Inbox',
    empty: {
      title: 'Add your first task',
      hint: 'Type a title above and press Enter. Tasks without a list appear here.',
    },
  },
  today: {
    title: 'Today',
    empty: { title: 'Nothing is due today', hint: 'Enjoy the break, or do something from Upcoming.' },
  },
  upcoming: { title: 'Upcoming', empty: { title: 'Nothing upcoming', hint: 'Tasks with a due date appear here.' } },
  done: { title: 'Done', empty: { title: 'Nothing done yet', hint: 'Completed tasks appear here, newest first.' } },
  trash: {
    title: 'Trash',
    empty: {
      title: 'The trash is empty',
      hint: 'Deleted tasks stay here for 30 days. Until then you can restore them.',
    },
  },
  settings: { title: 'Settings', empty: { title: '', hint: '' } },
  missing: {
    title: 'Page not found',
    empty: {
      title: 'This page does not exist',
      hint: 'Your tasks are in the inbox and in your lists.',
    },
  },
  'sign-in': { title: 'Welcome', empty: { title: 'You are signed in', hint: 'Your tasks are in the inbox.' } },
  'sign-up': { title: 'Welcome', empty: { title: 'You are signed in', hint: 'Your tasks are in the inbox.' } },
};

export function viewText(view: View, { list, label }: Subject, { today }: ViewerDays): ViewText {
  switch (view.kind) {
    case 'list':
      if (list === null) return { ...words.missing, title: 'List not found', subtitle: null };
      return {
        title: list?.name ?? '',
        subtitle: list?.archived ? 'Archived' : null,
        empty: { title: 'This list is empty', hint: 'Add a task above, or move one here from another list.' },
      };
    case 'label':
      if (label === null) return { ...words.missing, title: 'Label not found', subtitle: null };
      return {
        title: label.name,
        subtitle: 'Label',
        empty: { title: 'No open tasks have this label', hint: 'New tasks added here get this label.' },
      };
    case 'search':
      return { title: 'Search', subtitle: null, empty: searchEmpty(view.text) };
    default:
      return { ...words[view.kind], subtitle: view.kind === 'today' ? longDay(today) : null };
  }
}

function searchEmpty(text: string): ViewText['empty'] {
  if (text.trim() === '')
    return {
      title: 'Search your tasks',
      hint: 'Type words or parts of words from titles and notes. Accents and case are ignored.',
    };
  return { title: `Nothing matches “${text}”`, hint: 'Try a shorter word, or look in the trash.' };
}
