const isShown = (element: HTMLElement) => element.offsetParent !== null || element.getClientRects().length > 0;

/** F6: the focus goes to the next region of the window, around the ends. */
export function focusNextRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>('[data-region]')].filter(isShown);
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = at < 0 && step < 0 ? regions.length - 1 : (at + step + regions.length) % regions.length;
  regions[next]?.focus();
}
