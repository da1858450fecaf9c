/** Attached to what a page says below the fold: it is seen when it appears, however long the page above it is. */
export function intoView(box: HTMLElement): void {
  // Not in a browser without a layout.
  (box.scrollIntoView as typeof box.scrollIntoView | undefined)?.call(box, { block: 'nearest' });
}
