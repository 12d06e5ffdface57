import { Arg, Authorized, Ctx, Resolver, Subscription } from 'type-graphql';
import type { Context } from '../graphql/server/context.ts';
import { Selected, type Selection } from '../read/selection.ts';
import { decodeCursor } from './change-cursor.ts';
import { ChangePageType } from './changes.resolver.ts';
import { type ChangePage, emptyPage, type RecordFinders, readChanges } from './read-changes.ts';

/** Changes per page: a page is what one slow client keeps in memory. */
const pageSize = 100;

@Authorized()
@Resolver()
export class LiveChangesResolver {
  constructor(private readonly finders: RecordFinders) {}

  /** Reads the next page: the operation is executed again for each, see live-operation.ts. */
  @Subscription(() => ChangePageType, {
    description:
      'What changed after a cursor, at once, and then what changes, without a gap; without a cursor, from now on. The first page ' +
      'comes at once, even if it is empty, since it has the cursor. A stream may end: subscribe again with the latest cursor. ' +
      'CURSOR_EXPIRED.',
    subscribe: () => {
      throw new Error('Each page is an execution: see live-operation.ts.');
    },
  })
  async changes(
    @Arg('after', () => String, {
      nullable: true,
      description: 'The cursor of the last page; without one, from now on.',
    })
    after: string | null | undefined,
    @Ctx() { db, live }: Context,
    @Selected('changes', 'record') selection: Selection,
  ): Promise<ChangePage> {
    if (live === null) throw new Error('Only a stream has subscriptions: see request-checks.ts.');
    const from = live.cursor ?? after ?? null;
    const page = await (from === null
      ? emptyPage(db, this.finders)
      : readChanges(db, this.finders, { after: from, first: pageSize }, selection));
    const { revision } = decodeCursor(db.viewer.id, page.cursor).position;
    live.cursor = page.cursor;
    live.page = { size: page.changes.length, hasMore: page.hasMore, revision: String(revision) };
    return page;
  }
}
