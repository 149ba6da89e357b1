import type { BrowserWindowConstructorOptions } from 'electron';

/** The desk's window. Every line of `webPreferences` is a door shut; a test reads them. */
export function windowOptions(preload: string): BrowserWindowConstructorOptions {
  return {
    width: 1440,
    height: 900,
    minWidth: 1024,
    minHeight: 640,
    show: false,
    title: 'Dropdesk',
    backgroundColor: '#15181C',
    autoHideMenuBar: process.platform !== 'darwin',
    webPreferences: {
      preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      spellcheck: false,
      // A clock that is hidden behind another window must go on.
      backgroundThrottling: false,
    },
  };
}
