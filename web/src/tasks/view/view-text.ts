import { longDay } from '../../dates/days.ts';
import type { ViewerDays } from '../../dates/viewer-days.tsx';
import type { View } from '../../navigation/address.ts';
import type { Subject } from './use-subject.ts';

/** What a view says of itself. */
export interface ViewText {
  readonly title: string;
  readonly subtitle: string | null;
  readonly empty: { readonly title: string; readonly hint: string };
}

/** In place of the first hint, once something has been done there. */
export const allDone: ViewText['empty'] = { title: 'All clear', hint: 'Everything here is done.' };

const words: Record<Exclude<View['kind'], 'list' | 'label' | 'search'>, Omit<ViewText, 'subtitle'>> = {
  inbox: {
    title: 'Inbox',
    empty: { title: 'Add your first task', hint: 'Type it above and press Enter. What has no list yet waits here.' },
  },
  today: {
    title: 'Today',
    empty: { title: 'Nothing is due today', hint: 'Enjoy the quiet, or pull something forward from Upcoming.' },
  },
  upcoming: { title: 'Upcoming', empty: { title: 'Nothing ahead', hint: 'Give a task a day, and it shows up here.' } },
  done: { title: 'Done', empty: { title: 'Nothing done yet', hint: 'What you complete is kept here, newest first.' } },
  trash: {
    title: 'Trash',
    empty: { title: 'The trash is empty', hint: 'What you delete waits here for 30 days, in case you want it back.' },
  },
  settings: { title: 'Settings', empty: { title: '', hint: '' } },
  missing: {
    title: 'Nothing here',
    empty: {
      title: 'There is nothing at this address',
      hint: 'Your tasks are where they were: in the inbox and in your lists.',
    },
  },
  'sign-in': { title: 'Welcome', empty: { title: 'You are signed in', hint: 'Your tasks are in the inbox.' } },
  'sign-up': { title: 'Welcome', empty: { title: 'You are signed in', hint: 'Your tasks are in the inbox.' } },
};

export function viewText(view: View, { list, label }: Subject, { today }: ViewerDays): ViewText {
  switch (view.kind) {
    case 'list':
      if (list === null) return { ...words.missing, title: 'No such list', subtitle: null };
      return {
        title: list?.name ?? '',
        subtitle: list?.archived ? 'Put aside' : null,
        empty: { title: 'This list is empty', hint: 'Type a task above, or move one here from another list.' },
      };
    case 'label':
      if (label === null) return { ...words.missing, title: 'No such label', subtitle: null };
      return {
        title: label.name,
        subtitle: 'Label',
        empty: { title: 'No open task has this label', hint: 'What you add here gets it.' },
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
      title: 'Find any task',
      hint: 'Words, or parts of words, of titles and descriptions. Accents and case do not matter.',
    };
  return { title: `Nothing matches “${text}”`, hint: 'Try fewer letters, or look in the trash.' };
}
