/**
 * While an input method composes (Japanese, Chinese, Korean and others), Enter accepts what it proposes and Escape discards
 * it: no key is the page's then. Listening before everything else, this keeps them from every handler of the page, so that
 * none has to think of it.
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
    // A field that is gone sends no compositionend.
    const isComposing = composed !== null && composed === document.activeElement;
    if (!isComposing && !isPartOfComposition(event)) return;
    event.stopImmediatePropagation();
    // What the browser does by itself: sends a form, closes a dialog.
    if (event.key === 'Enter' || event.key === 'Escape') event.preventDefault();
  };
  addEventListener('keydown', onKeyDown, true);
}

/** 229: Safari sends the key that ends a composition after its end, marked by this number alone. */
const isPartOfComposition = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229;
