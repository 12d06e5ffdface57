import { expect, test } from 'vitest';
import { isEmailLink, readAddress, taskHref, type View, viewHref } from '../../web/src/navigation/address.ts';

const id = '01a1fd89-61d9-7610-bcdf-7f212950f24f';
const views: View[] = [
  { kind: 'inbox' },
  { kind: 'today' },
  { kind: 'list', id },
  { kind: 'label', id },
  { kind: 'search', text: 'milk & honey?' },
  { kind: 'search', text: '' },
  { kind: 'settings' },
];

test.each(views)('the address of a view leads to it: %o', (view) => {
  expect(readAddress(viewHref(view))).toEqual({ view, taskId: null });
  expect(readAddress(taskHref(view, id))).toEqual({ view, taskId: id });
});

test.each(['forgot-password', 'reset-password', 'verify-email', 'confirm-email'])(
  '/%s is a page without a session',
  (kind) => {
    const { view } = readAddress(`/${kind}?utm=1`);
    expect([view.kind, isEmailLink(view)]).toEqual([kind, true]);
    expect(readAddress(`/${kind}/more`).view).toEqual({ kind: 'missing' });
  },
);

test.each(['/nonsense', '/lists', '/lists/1', '/today/now', '/lists/%E0%A4%A', `/lists/${id}/more`])(
  'there is nothing at %s',
  (href) => {
    expect(readAddress(href).view).toEqual({ kind: 'missing' });
  },
);

test('an address of slashes is one', () => {
  expect(readAddress('//')).toEqual({ view: { kind: 'inbox' }, taskId: null });
});
