import { contextBridge, ipcRenderer } from 'electron';
import type { DropdeskBridge } from '../main/bridge.ts';

/** The whole bridge between the desk's page and the shell: named functions, never `ipcRenderer` itself. */
const bridge: DropdeskBridge = {
  takeDeskToken: () => ipcRenderer.invoke('take-desk-token') as Promise<string | null>,
  openWritten: (path) => ipcRenderer.invoke('open-written', path) as Promise<string | null>,
  showWritten: (path) => ipcRenderer.invoke('show-written', path) as Promise<string | null>,
  onMenuCommand: (take) =>
    void ipcRenderer.on('menu-command', (_event, name: unknown) => typeof name === 'string' && take(name)),
};

contextBridge.exposeInMainWorld('dropdesk', bridge);
