/**
 * Attachment for a scrolling region: says how many of its marked rows lie (partly) below the visible end, so that
 * nothing is cut off without a word (UI-60).
 *
 * @param rows selector of the rows that count
 */
export function moreBelow(rows: string, tell: (count: number) => void): (region: Element) => () => void {
  return (region) => {
    const count = (): void => {
      const end = region.getBoundingClientRect().bottom + 1;
      tell([...region.querySelectorAll(rows)].filter((row) => row.getBoundingClientRect().bottom > end).length);
    };
    const resized = new ResizeObserver(count);
    const changed = new MutationObserver(count);
    resized.observe(region);
    changed.observe(region, { childList: true, subtree: true, characterData: true });
    region.addEventListener('scroll', count, { passive: true });
    count();
    return () => {
      resized.disconnect();
      changed.disconnect();
      region.removeEventListener('scroll', count);
    };
  };
}
