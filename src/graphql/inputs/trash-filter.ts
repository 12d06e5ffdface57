import { registerEnumType } from 'type-graphql';

export enum TrashFilter {
  EXCLUDE = 'EXCLUDE',
  ONLY = 'ONLY',
  INCLUDE = 'INCLUDE',
}

registerEnumType(TrashFilter, {
  name: 'TrashFilter',
  description: 'Whether to include the trash. A task is in the trash by itself, with its parent or with its list.',
  valuesConfig: {
    EXCLUDE: { description: 'Only records that are not in the trash.' },
    ONLY: { description: 'Only records in the trash.' },
    INCLUDE: { description: 'Both.' },
  },
});
