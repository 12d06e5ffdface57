import { describeProblem, problemText } from '../graphql/problem.ts';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isProblem: boolean;
  readonly actions: readonly ToastAction[];
  /** Whether it stays until the user answers. */
  readonly isQuestion: boolean;
  /** Whether the next message replaces it. */
  readonly isProgress?: boolean;
}

/** Milliseconds that a message stays: long enough to read it and reach its button. */
const readingTime = 8_000;

/**
 * Short messages at the edge of the page, newest last. The timers are here, not in the components: modal dialogs show the
 * messages too, and a message that is hovered in one of them must not time out in another.
 */
export class Toasts {
  #toasts: readonly Toast[] = [];
  #lastId = 0;
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();
  readonly #holds = new Map<number, number>();
  readonly #listeners = new Set<() => void>();

  readonly get = (): readonly Toast[] => this.#toasts;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  show(text: string, ...actions: ToastAction[]): void {
    this.#add({ text, actions, isProblem: false, isQuestion: false });
  }

  /** @param error anything that was thrown */
  showProblem(error: unknown, ...actions: ToastAction[]): void {
    const problem = describeProblem(error);
    // The sign-in form already shows it.
    if (problem.code === 'UNAUTHENTICATED') return;
    this.#add({ text: problemText(problem), actions, isProblem: true, isQuestion: false });
  }

  showProgress(text: string): void {
    this.#add({ text, actions: [], isProblem: false, isQuestion: false, isProgress: true });
  }

  ask(text: string, ...actions: ToastAction[]): void {
    this.#add({ text, actions, isProblem: false, isQuestion: true });
  }

  /** Runs the undo of the last message. @returns whether it had one */
  undo(): boolean {
    const toast = this.#toasts.findLast(({ actions }) => actions.some(isUndo));
    if (!toast) return false;
    this.dismiss(toast.id);
    toast.actions.find(isUndo)?.run();
    return true;
  }

  /** Keeps a message while it is hovered or focused (WCAG 2.2.1). @returns a function that releases it */
  hold(id: number): () => void {
    clearTimeout(this.#timers.get(id));
    this.#holds.set(id, (this.#holds.get(id) ?? 0) + 1);
    return () => {
      const others = (this.#holds.get(id) ?? 1) - 1;
      if (others > 0) return void this.#holds.set(id, others);
      this.#holds.delete(id);
      this.#start(id);
    };
  }

  readonly dismiss = (id: number): void => {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.#set(this.#toasts.filter((toast) => toast.id !== id));
  };

  #add(toast: Omit<Toast, 'id'>): void {
    this.#lastId += 1;
    const others = this.#toasts.filter(
      ({ text, isQuestion, isProgress }) => text !== toast.text && (isQuestion || !toast.isQuestion) && !isProgress,
    );
    const all = [...others, { ...toast, id: this.#lastId }];
    // At most three, not counting questions, which may be the only copy of a user's text.
    const recent = all.filter(({ isQuestion }) => !isQuestion).slice(-3);
    this.#set(all.filter((shown) => shown.isQuestion || recent.includes(shown)));
    this.#start(this.#lastId);
  }

  #start(id: number): void {
    const toast = this.#toasts.find((shown) => shown.id === id);
    if (!toast || toast.isQuestion) return;
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), readingTime),
    );
  }

  #set(toasts: readonly Toast[]): void {
    this.#toasts = toasts;
    for (const listener of this.#listeners) listener();
  }
}

const isUndo = ({ label }: ToastAction): boolean => label === 'Undo';
