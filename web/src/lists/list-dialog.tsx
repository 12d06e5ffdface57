import { useApolloClient } from '@apollo/client/react';
import { Dialog } from '../controls/dialog.tsx';
import { ColorField } from '../forms/color-field.tsx';
import { Field } from '../forms/field.tsx';
import { FormProblem } from '../forms/form-problem.tsx';
import { limits } from '../forms/text-limits.ts';
import { useForm } from '../forms/use-form.ts';
import type { ListRowFragment } from '../generated/graphql.ts';
import { serverClock } from '../graphql/server-clock.ts';
import { useToasts } from '../messages/toast-stack.tsx';
import { viewHref } from '../navigation/address.ts';
import { navigate } from '../navigation/navigate.ts';
import { createList, deleteList, updateList } from './list-actions.ts';

const fields = ['name', 'color'];

/** Creates a list, or renames, recolours, archives or deletes one. */
export default function ListDialog({ list, onClose }: { list: ListRowFragment | null; onClose: () => void }) {
  const client = useApolloClient();
  const toasts = useToasts();
  const form = useForm(async (values) => {
    const input = { name: String(values.get('name')), color: String(values.get('color')) || null };
    if (list) {
      await updateList(client, { id: list.id, ...input });
    } else {
      const id = serverClock.newId();
      await createList(client, { id, ...input });
      navigate(viewHref({ kind: 'list', id }));
    }
    onClose();
  });
  const leave = async (change: () => Promise<unknown>) => {
    try {
      await change();
      onClose();
      navigate('/');
    } catch (error) {
      toasts.showProblem(error);
    }
  };
  return (
    <Dialog title={list ? 'Edit list' : 'New list'} onClose={onClose}>
      <form className="form" ref={form.ref} onSubmit={form.onSubmit} noValidate>
        <Field
          label="Name"
          name="name"
          defaultValue={list?.name ?? ''}
          autoComplete="off"
          limit={limits.listName}
          problem={form.problem?.fields.name}
        />
        <ColorField saved={list?.color ?? null} />
        <FormProblem problem={form.problem} fields={fields} />
        <div className="form-end">
          {list && (
            <>
              <button
                type="button"
                className="button button-alarm"
                onClick={() => leave(() => deleteList(client, toasts, list))}
              >
                Delete
              </button>
              <button
                type="button"
                className="button"
                onClick={() => leave(() => updateList(client, { id: list.id, archived: !list.archived }))}
              >
                {list.archived ? 'Restore' : 'Archive'}
              </button>
            </>
          )}
          <button type="submit" className="button button-strong" aria-disabled={form.isSending}>
            {list ? 'Save' : 'Create list'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
