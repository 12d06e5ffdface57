import { registerEnumType } from 'type-graphql';

export enum TrashFilter {
  EXCLUDE = 'EXCLUDE',
  ONLY = 'ONLY',
  INCLUDE = 'INCLUDE',
}

registerEnumType(TrashFilter, {
  name: 'TrashFilter',
  description: 'What of the trash is shown. A task is there by itself or with its parent, or because its list is.',
  valuesConfig: {
    EXCLUDE: { description: 'Only what is not in the trash.' },
    ONLY: { description: 'Only what is in the trash.' },
    INCLUDE: { description: 'Both.' },
  },
});
