import type { Step } from '../operations.ts';

/** An HTTP request, less its token. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: object | null;
}

/** An HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** How one side is asked, and what its answers mean. */
export interface Dialect {
  call(step: Step): Call;
  /** The answer in the form that every side's are compared in; null for a refusal or for what is not there. */
  read(step: Step, answer: Answer): object | null;
}

/** A task with what may differ from side to side, and from run to run, left out. */
export interface CanonicalTask {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly completed: boolean;
  readonly priority: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly version: number;
}

export interface Page {
  readonly tasks: readonly CanonicalTask[];
  readonly hasNextPage: boolean;
  /** Opaque: that there is one is all that can be compared. */
  readonly hasEndCursor: boolean;
}

export interface LabelPage {
  readonly labels: readonly object[];
  readonly hasNextPage: boolean;
  readonly hasEndCursor: boolean;
}

/** A task with what belongs to it. */
export interface RelatedTask {
  readonly id: string;
  readonly title: string;
  readonly completed: boolean;
  readonly list: { readonly id: string; readonly name: string } | null;
  readonly labels: readonly { readonly id: string; readonly name: string; readonly color: string | null }[];
  readonly subtasks: readonly Pick<RelatedTask, 'id' | 'title' | 'completed'>[];
}

/** What remains comparable of a task that has just been written: its id, times and version depend on who came first. */
export function writtenTask(step: Step, task: CanonicalTask): object {
  const { title, description, completed, priority, id } = task;
  return { title, description, completed, priority, ...(step.kind === 'create' ? {} : { id }) };
}
