import { describeProblem } from '../graphql/problem.ts';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isProblem: boolean;
  readonly actions: readonly ToastAction[];
  /** Whether it stays until it is answered. */
  readonly isQuestion: boolean;
}

/** Short messages at the edge of the page, newest last. */
export class Toasts {
  #toasts: readonly Toast[] = [];
  #lastId = 0;
  readonly #listeners = new Set<() => void>();

  readonly get = (): readonly Toast[] => this.#toasts;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  tell(text: string, ...actions: ToastAction[]): void {
    this.#add({ text, actions, isProblem: false, isQuestion: false });
  }

  /** Tells what went wrong, whatever was thrown. */
  tellProblem(error: unknown, ...actions: ToastAction[]): void {
    const { code, sentence, retryAfter } = describeProblem(error);
    // The sign-in form says so already.
    if (code === 'UNAUTHENTICATED') return;
    const text = retryAfter === null ? sentence : `${sentence} Try again in ${retryAfter} s.`;
    this.#add({ text, actions, isProblem: true, isQuestion: false });
  }

  ask(text: string, ...actions: ToastAction[]): void {
    this.#add({ text, actions, isProblem: false, isQuestion: true });
  }

  /** @returns whether the last message had something to undo */
  undo(): boolean {
    const toast = this.#toasts.findLast(({ actions }) => actions.some(isUndo));
    if (!toast) return false;
    this.dismiss(toast.id);
    toast.actions.find(isUndo)?.run();
    return true;
  }

  readonly dismiss = (id: number): void => {
    this.#show(this.#toasts.filter((toast) => toast.id !== id));
  };

  #add(toast: Omit<Toast, 'id'>): void {
    this.#lastId += 1;
    const others = this.#toasts.filter(
      ({ text, isQuestion }) => text !== toast.text && (isQuestion || !toast.isQuestion),
    );
    // Three at most: older ones have had their time.
    this.#show([...others, { ...toast, id: this.#lastId }].slice(-3));
  }

  #show(toasts: readonly Toast[]): void {
    this.#toasts = toasts;
    for (const listener of this.#listeners) listener();
  }
}

const isUndo = ({ label }: ToastAction): boolean => label === 'Undo';
