import type { EventSubscriber, Ref } from '@mikro-orm/core';

/** What the filter `owner` is for queries, for flushes: MikroORM asks no filter when it stores what was changed. */
export const ownerOfChanges: EventSubscriber = {
  onFlush({ em, uow }) {
    const owner: { readonly id: string } | undefined = em.getFilterParams('owner');
    if (owner === undefined) return;
    for (const { entity } of uow.getChangeSets()) {
      const { user, id }: { readonly user?: Ref<{ id: string }>; readonly id?: string } = entity;
      if ((user?.id ?? id) !== owner.id) throw new Error('A change of one user would store what another user owns.');
    }
  },
};
