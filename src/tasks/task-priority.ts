import { registerEnumType } from 'type-graphql';

/** Stored as a number, so that ORDER BY sorts by urgency. */
export enum TaskPriority {
  NONE = 0,
  LOW = 1,
  MEDIUM = 2,
  HIGH = 3,
  URGENT = 4,
}

registerEnumType(TaskPriority, {
  name: 'TaskPriority',
  description: 'The priority of a task, from NONE to URGENT.',
  valuesConfig: {
    NONE: { description: 'No priority.' },
    LOW: { description: 'Can wait.' },
    MEDIUM: { description: 'Should be done soon.' },
    HIGH: { description: 'Comes before others.' },
    URGENT: { description: 'Comes first.' },
  },
});
