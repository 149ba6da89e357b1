/**
 * Where the desk's token comes from: Electron's preload hands it over once per document; a browser gets it in the
 * fragment, which no server log sees and which is taken out of the address at once. A browser tab keeps it for its own
 * reload; Electron keeps nothing.
 */
const KEPT = 'dropdesk.token';

export async function findDeskToken(): Promise<string | null> {
  const handed = await window.dropdesk?.takeDeskToken?.();
  if (handed) return handed;
  const inAddress = tokenInFragment(location.hash);
  if (inAddress !== null) {
    history.replaceState(null, '', location.pathname + location.search);
    keepDeskToken(inAddress);
    return inAddress;
  }
  return sessionStorage.getItem(KEPT);
}

/** @returns the token of `#token=…`, or null */
export function tokenInFragment(hash: string): string | null {
  const token = new URLSearchParams(hash.replace(/^#/, '')).get('token');
  return token === null || token === '' ? null : token;
}

export function keepDeskToken(token: string): void {
  sessionStorage.setItem(KEPT, token);
}

export function dropDeskToken(): void {
  sessionStorage.removeItem(KEPT);
}
