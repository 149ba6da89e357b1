import { _electron, type ElectronApplication, type Page } from '@playwright/test';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const isRoot = process.getuid?.() === 0;

/** What a start of the shell needs: which Electron, with which app (none when it is packaged), on which data folder. */
export interface ShellStart {
  executablePath: string;
  app: string[];
  data: string;
}

/** A shell that runs, with the desk in its window. */
export interface Shell {
  electron: ElectronApplication;
  process: ReturnType<ElectronApplication['process']>;
  page: Page;
}

export async function startShell(start: ShellStart): Promise<Shell> {
  const electron = await _electron.launch({
    executablePath: start.executablePath,
    args: shellArgs(start),
    env: shellEnv(start),
  });
  keepAsking(electron);
  const page = await electron.firstWindow();
  await page.waitForURL(/127\.0\.0\.1:\d+\/desk\//, { timeout: 20_000 });
  return { electron, process: electron.process(), page };
}

/**
 * Asks main again when the inspector lost the answer: it holds a promise weakly, and when main collects garbage in that
 * moment says "Resulting promise was garbage collected" about a call that was right.
 */
function keepAsking(electron: ElectronApplication): void {
  const once = electron.evaluate.bind(electron) as (...args: unknown[]) => Promise<unknown>;
  const again = async (...args: unknown[]): Promise<unknown> => {
    for (let tries = 1; ; tries += 1) {
      try {
        return await once(...args);
      } catch (error) {
        if (tries === 5 || !String(error).includes('was garbage collected')) throw error;
      }
    }
  };
  electron.evaluate = again as typeof electron.evaluate;
}

/** One command to the hub behind the window, as a script beside the app would send it. */
export async function askDesk(page: Page, data: string, kind: string, body: object = {}): Promise<DeskAnswer> {
  const answer = await fetch(`${new URL(page.url()).origin}/api/commands`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${readFileSync(join(data, 'desk-token'), 'utf8').trim()}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ id: 'auto', kind, ...body }),
  });
  return (await answer.json()) as DeskAnswer;
}
export type DeskAnswer = { ok: boolean } & Record<string, unknown>;

export function shellArgs({ app }: ShellStart): string[] {
  return [...(isRoot ? ['--no-sandbox'] : []), ...app];
}

/** Its own profile beside the data, so that no other shell on this machine is in its way. */
export function shellEnv({ data }: ShellStart): Record<string, string> {
  return {
    ...(process.env as Record<string, string>),
    DROPDESK_DATA: data,
    XDG_CONFIG_HOME: join(data, 'config'),
    DROPDESK_QUIET: '1',
  };
}

/** The script and the process of the hub that has this data folder; null when none runs. */
export function runningHub(data: string): { pid: number; script: string } | null {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const args = argumentsOf(pid);
    const script = args.find((arg) => arg.endsWith('hub.js'));
    if (script && args.includes(data)) return { pid: Number(pid), script };
  }
  return null;
}

function argumentsOf(pid: string): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it ended while we looked
  }
}
