import type { MenuItemConstructorOptions } from 'electron';

/** Menus by Electron's roles; what is ours is a command of the desk by name, carried out by the page. */
export function menuTemplate(send: (name: string) => void): MenuItemConstructorOptions[] {
  const command = (label: string, name: string): MenuItemConstructorOptions => ({ label, click: () => send(name) });
  return [
    ...(process.platform === 'darwin' ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [
        command('New sale', 'new-sale'),
        command('Connect devices', 'connect'),
        { type: 'separator' },
        { role: process.platform === 'darwin' ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { label: 'Show', submenu: [command('All alarms', 'alarms'), command('Mark moment', 'mark-moment')] },
    { role: 'windowMenu' },
    { label: 'Help', submenu: [command('Keyboard shortcuts', 'shortcuts')] },
  ];
}
