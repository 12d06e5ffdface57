/**
 * While an input method is composing (for Japanese, Chinese, Korean and others), Enter accepts a proposal and Escape discards
 * it: the page must ignore all keys. This listens before all other handlers, and keeps the keys from them.
 */
export function ignoreKeysWhileComposing(): void {
  let composed: EventTarget | null = null;
  addEventListener(
    'compositionstart',
    (event) => {
      composed = event.target;
    },
    true,
  );
  addEventListener(
    'compositionend',
    () => {
      composed = null;
    },
    true,
  );
  const onKeyDown = (event: KeyboardEvent) => {
    // A removed field sends no compositionend.
    const isComposing = composed !== null && composed === document.activeElement;
    if (!isComposing && !isPartOfComposition(event)) return;
    event.stopImmediatePropagation();
    // Prevents the browser's own action: submitting a form, closing a dialog.
    if (event.key === 'Enter' || event.key === 'Escape') event.preventDefault();
  };
  addEventListener('keydown', onKeyDown, true);
}

/** 229: in Safari, the key that ends a composition comes after its end, recognizable only by this code. */
const isPartOfComposition = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;
