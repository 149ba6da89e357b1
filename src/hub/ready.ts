import { APP_VERSION, CONTRACT_VERSION } from '../contract/version.ts';

/** The one line of JSON that says the hub is up; stable (DESIGN §5). */
export interface Ready {
  ready: true;
  version: string;
  contractVersion: number;
  desk: string;
  token: string;
  floor: string | null;
  ingest: string | null;
}

export function readyOf(urls: Pick<Ready, 'desk' | 'floor' | 'ingest'>, token: string): Ready {
  const { desk, floor, ingest } = urls;
  return { ready: true, version: APP_VERSION, contractVersion: CONTRACT_VERSION, desk, token, floor, ingest };
}
