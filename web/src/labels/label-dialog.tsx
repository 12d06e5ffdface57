import { useApolloClient } from '@apollo/client/react';
import { useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { ColorField } from '../forms/color-field.tsx';
import { Field } from '../forms/field.tsx';
import { FormProblem } from '../forms/form-problem.tsx';
import { limits } from '../forms/text-limits.ts';
import { useForm } from '../forms/use-form.ts';
import type { LabelRowFragment } from '../generated/graphql.ts';
import { serverClock } from '../graphql/server-clock.ts';
import { useToasts } from '../messages/toast-stack.tsx';
import { navigate } from '../navigation/navigate.ts';
import { createLabel, deleteLabel, updateLabel } from './label-actions.ts';

const fields = ['name', 'color'];

/** Creates a label, or renames, recolours or deletes one. */
export default function LabelDialog({ label, onClose }: { label: LabelRowFragment | null; onClose: () => void }) {
  const client = useApolloClient();
  const toasts = useToasts();
  const [isAsking, setIsAsking] = useState(false);
  const form = useForm(async (values) => {
    const input = { name: String(values.get('name')), color: String(values.get('color')) || null };
    if (label) await updateLabel(client, { id: label.id, ...input });
    else await createLabel(client, { id: serverClock.newId(), ...input });
    onClose();
  });
  const remove = async ({ id }: LabelRowFragment) => {
    try {
      await deleteLabel(client, id);
      onClose();
      navigate('/');
    } catch (error) {
      toasts.showProblem(error);
    }
  };
  return (
    <Dialog title={label ? 'Edit label' : 'New label'} onClose={onClose}>
      <form className="form" ref={form.ref} onSubmit={form.onSubmit} noValidate>
        <Field
          label="Name"
          name="name"
          defaultValue={label?.name ?? ''}
          autoComplete="off"
          limit={limits.labelName}
          problem={form.problem?.fields.name}
        />
        <ColorField saved={label?.color ?? null} />
        <FormProblem problem={form.problem} fields={fields} />
        <div className="form-end">
          {label && (
            <button
              type="button"
              className="button button-alarm"
              onClick={() => (isAsking ? remove(label) : setIsAsking(true))}
            >
              {isAsking ? 'Remove from all tasks and delete' : 'Delete…'}
            </button>
          )}
          <button type="submit" className="button button-strong" aria-disabled={form.isSending}>
            {label ? 'Save' : 'Create label'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
