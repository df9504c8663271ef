import { useEffect, useState } from 'react';

/** What was focused before: of a menu that closes, the button it hangs from. */
function focusedNow(): HTMLElement | null {
  const focused = document.activeElement;
  const menu = focused?.closest('[role="menu"]')?.getAttribute('aria-labelledby');
  const element = menu ? document.getElementById(menu) : focused;
  return element instanceof HTMLElement ? element : null;
}

/**
 * For a dialog that is there only while it is open: gives the focus back to what opened it, so that the keyboard goes
 * on from there. The kit does so for dialogs that stay and are told to close.
 */
export function useReturnFocus(): void {
  const [before] = useState(focusedNow);
  useEffect(
    () => () => {
      // Once the dialog has left the page, and only where nothing else has taken the focus meanwhile.
      setTimeout(() => {
        if (document.activeElement === null || document.activeElement === document.body)
          before?.focus({ preventScroll: true });
      });
    },
    [before],
  );
}
