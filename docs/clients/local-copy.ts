import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { find } from './errors.ts';
import { type connect, TodoqlError } from './fetch.ts';
import { ChangesDocument, type ChangesQuery, type ErrorCode } from './generated/graphql.ts';

type Change = NonNullable<ChangesQuery['changes']>['changes'][number];
export type SavedRecord = NonNullable<Change['record']>;

/** A change that the server has not confirmed. It may be sent again: new records get their ids here, by uuidv7(). */
interface Pending {
  readonly document: TypedDocumentNode<unknown, object>;
  readonly variables: object;
}

/** A copy of everything a user has, and what was changed since the last sync. An app stores both after each step. */
export class LocalCopy {
  readonly records = new Map<string, SavedRecord>();
  readonly outbox: Pending[] = [];
  /** Why changes were refused: the app shows it and takes it out. */
  readonly refused: TodoqlError[] = [];
  cursor: string | null = null;

  constructor(private readonly run: ReturnType<typeof connect>) {}

  /** Changes the copy at once by `apply`, and the server at the next sync. */
  change<Variables extends object>(
    document: TypedDocumentNode<unknown, Variables>,
    variables: NoInfer<Variables>,
    apply: (records: Map<string, SavedRecord>) => void,
  ): void {
    apply(this.records);
    this.outbox.push({ document: document as Pending['document'], variables });
  }

  /** Rejects where the network is away: nothing is lost, try again later. */
  async sync(): Promise<void> {
    await this.#send();
    await this.#read().catch((error: unknown) => {
      if (!isRefused(error, 'CURSOR_EXPIRED')) throw error;
      this.cursor = null;
      return this.#read();
    });
  }

  async #send(): Promise<void> {
    for (let next = this.outbox[0]; next; next = this.outbox[0]) {
      await this.run(next.document, next.variables).catch((error: unknown) => {
        const isFinal = !isRefused(error, 'SERVICE_UNAVAILABLE', 'RATE_LIMITED', 'UNAUTHENTICATED');
        if (!(error instanceof TodoqlError && isFinal)) throw error;
        this.refused.push(error);
        // What was refused, or belongs to a database before its restore, is only in this copy: all is read anew.
        this.cursor = null;
      });
      this.outbox.shift();
    }
  }

  async #read(): Promise<void> {
    for (let hasMore = true; hasMore; ) {
      const { changes } = await this.run(ChangesDocument, { after: this.cursor });
      if (this.cursor === null) this.records.clear();
      for (const change of changes?.changes ?? []) apply(this.records, change);
      this.cursor = changes?.cursor ?? null;
      hasMore = changes?.hasMore ?? false;
    }
  }
}

/**
 * Without a record it was removed. A list takes along the tasks that are in it by now, and a label is gone from every task.
 * Subtasks are removed by changes of their own: a later page may say that they had left before.
 */
function apply(records: Map<string, SavedRecord>, { id, record }: Pick<Change, 'id' | 'record'>): void {
  if (record) {
    records.set(id, record);
    return;
  }
  records.delete(id);
  for (const task of records.values()) {
    if (task.__typename !== 'Task') continue;
    if (task.list?.id === id) records.delete(task.id);
    else if (task.labels.some((label) => label.id === id)) {
      records.set(task.id, { ...task, labels: task.labels.filter((label) => label.id !== id) });
    }
  }
}

function isRefused(error: unknown, ...codes: ErrorCode[]): boolean {
  return error instanceof TodoqlError && codes.some((code) => find(error.errors, code));
}
