/** how long something must be painted on a visible page before it counts as seen (CUE-29) */
const SEEN_MS = 500;

/**
 * Attachment: calls back once the node has stood on a visible page for half a second.
 *
 * @param seen called at most once per mount
 */
export function whenSeen(seen: () => void): (node: Element) => () => void {
  return () => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const watch = (): void => {
      clearTimeout(timer);
      if (document.visibilityState !== 'visible') return;
      timer = setTimeout(() => {
        document.removeEventListener('visibilitychange', watch);
        seen();
      }, SEEN_MS);
    };
    document.addEventListener('visibilitychange', watch);
    watch();
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', watch);
    };
  };
}
