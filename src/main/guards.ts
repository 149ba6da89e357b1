import type { Session, WebContents } from 'electron';

const ALLOWED_PERMISSIONS = new Set(['fullscreen', 'clipboard-sanitized-write', 'notifications']);

/** Same scheme, host and port, by the URL parser rather than by prefix. */
export function isDeskOrigin(url: string, deskOrigin: string | null): boolean {
  if (deskOrigin === null) return false;
  try {
    return new URL(url).origin === deskOrigin;
  } catch {
    return false;
  }
}

/** Keeps a page where it belongs: no other origin, no new window, no webview. */
export function lockNavigation(contents: WebContents, deskOrigin: () => string | null): void {
  const hold = (event: { preventDefault(): void; url: string }): void => {
    if (!isDeskOrigin(event.url, deskOrigin())) event.preventDefault();
  };
  contents.on('will-navigate', hold);
  contents.on('will-redirect', hold);
  contents.on('will-frame-navigate', hold);
  contents.on('will-attach-webview', (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

/** Only three harmless permissions, only for the desk; and no request leaves for anywhere but the desk. */
export function lockSession(session: Session, deskOrigin: () => string | null): void {
  session.setPermissionRequestHandler((contents, permission, answer) =>
    answer(ALLOWED_PERMISSIONS.has(permission) && isDeskOrigin(contents?.getURL() ?? '', deskOrigin())),
  );
  session.setPermissionCheckHandler(
    (_contents, permission, origin) => ALLOWED_PERMISSIONS.has(permission) && isDeskOrigin(origin, deskOrigin()),
  );
  session.webRequest.onBeforeRequest((request, answer) => {
    const url = request.url.replace(/^ws:/, 'http:');
    answer({ cancel: !isDeskOrigin(url, deskOrigin()) && !url.startsWith('devtools:') && !url.startsWith('data:') });
  });
}
