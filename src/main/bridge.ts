/** What the desk's page may ask of the shell (specs: UI-78). Nothing of it carries a URL or a path outside the show. */
export interface DropdeskBridge {
  /** answered once per document load, to the desk's own page only */
  takeDeskToken: () => Promise<string | null>;
  /** opens a written file with the system's program; a sentence when it cannot */
  openWritten: (path: string) => Promise<string | null>;
  /** shows a written file in its folder; a sentence when it cannot */
  showWritten: (path: string) => Promise<string | null>;
  /** menu entries are the desk's own commands by name */
  onMenuCommand: (take: (name: string) => void) => void;
}
