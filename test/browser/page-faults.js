// Runs inside a page (read as text, so it is plain JavaScript): texts that are cut, targets that something covers.
// What axe does not see (UI-92 d). Lives in a file of its own because the tests are compiled without the DOM's types.
globalThis.pageFaults = () => {
  const faults = [];
  if (document.documentElement.scrollWidth > window.innerWidth) faults.push('the page scrolls sideways');
  for (const element of document.querySelectorAll('main *')) {
    const style = getComputedStyle(element);
    if (element.closest('.visually-hidden') || style.display === 'inline') continue;
    const ownText = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.nodeValue.trim());
    if (ownText && style.textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + 1) {
      faults.push(`cut: ${element.textContent}`);
    }
  }
  const dialog = document.querySelector('dialog[open]');
  for (const target of document.querySelectorAll('button, input[type=search]')) {
    if (dialog && !dialog.contains(target)) continue;
    if (target.closest('.tiles, .scroll, .lines') || isScrolledAway(target)) continue;
    const box = target.getBoundingClientRect();
    const hit = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (!hit || !target.contains(hit)) faults.push(`covered or outside: ${target.textContent}`);
  }
  return faults;
};

/** Its middle lies outside of what its scrolling region shows: a scroll or a Tab away, so nobody misses it. */
function isScrolledAway(target) {
  const box = target.getBoundingClientRect();
  const middle = box.y + box.height / 2;
  for (let region = target.parentElement; region; region = region.parentElement) {
    if (!/auto|scroll/.test(getComputedStyle(region).overflowY)) continue;
    const view = region.getBoundingClientRect();
    if (middle < view.top || middle > view.bottom) return true;
  }
  return false;
}
