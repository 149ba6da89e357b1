/** What Electron's preload offers the desk (UI-78); absent in a browser. */
interface DropdeskBridge {
  takeDeskToken?: () => Promise<string | null>;
  openWritten?: (path: string) => Promise<unknown>;
  showWritten?: (path: string) => Promise<unknown>;
  onMenuCommand?: (take: (name: string) => void) => void;
  setBadge?: (count: number) => unknown;
}

interface Window {
  dropdesk?: DropdeskBridge;
}
