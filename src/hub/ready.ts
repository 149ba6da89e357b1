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
