import { LabelIcon } from '../../design/icons.tsx';
import type { TaskRowFragment } from '../../generated/graphql.ts';
import { isTrashed } from '../task.ts';
import { LabelPicker } from './label-picker.tsx';
import { Property } from './property.tsx';

export function LabelField({ task }: { task: TaskRowFragment }) {
  return (
    <Property
      icon={<LabelIcon />}
      label="Labels"
      isReadOnly={isTrashed(task)}
      value={
        task.labels.length === 0 ? (
          <span className="quiet">None</span>
        ) : (
          task.labels.map(({ id, name, color }) => (
            <span key={id} className="chip" style={color ? { borderColor: color } : undefined}>
              {name}
            </span>
          ))
        )
      }
    >
      {() => <LabelPicker task={task} />}
    </Property>
  );
}
