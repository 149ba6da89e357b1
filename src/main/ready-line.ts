/** What the hub prints when it is up; the shell needs the address and the token of it. */
export interface HubReady {
  desk: string;
  token: string;
}

/** Reads the first line that begins with `{`, however the hub was started. @returns null for any other line */
export function readReadyLine(line: string): HubReady | null {
  if (!line.startsWith('{')) return null;
  try {
    const raw = JSON.parse(line) as Record<string, unknown>;
    if (raw['ready'] !== true || typeof raw['desk'] !== 'string' || typeof raw['token'] !== 'string') return null;
    return new URL(raw['desk']).hostname === '127.0.0.1' ? { desk: raw['desk'], token: raw['token'] } : null;
  } catch {
    return null;
  }
}
