import { isUnknown } from './contact.ts';
import { CALM, over, since, under } from './findings.ts';
import type { Finding } from './hold.ts';
import { silentForMs } from './sound-side.ts';
import type { Health } from './state.ts';
import type { Turn } from './turn.ts';

/** What is sent: does this computer keep up, is there a picture, is there sound? STR-31 to STR-34. */

export function lagPct({ obs }: Health, { speaks }: Turn, which: 'encoder' | 'render'): Finding {
  return speaks ? over(obs[which].pct, [1, 0.5], [5, 2]) : null;
}

/** Few frames or slow drawing alone harm nobody: they count while frames are really lost (STR-32). */
function losesFrames({ present }: Health): boolean {
  return present.encoderLagPct > 0 || present.renderLagPct > 0;
}

export function frameRate(health: Health, { speaks }: Turn): Finding {
  const { fps: wanted } = health.config;
  const { fps } = health.obs;
  if (!speaks || fps === null || wanted === null || wanted <= 0) return null;
  return losesFrames(health) ? under(fps / wanted, [0.95, 0.95], [0.8, 0.8]) : CALM;
}

export function renderTime(health: Health, { speaks }: Turn): Finding {
  const { fps: wanted } = health.config;
  const { renderMs } = health.obs;
  if (!speaks || renderMs === null || wanted === null || wanted <= 0) return null;
  return losesFrames(health) ? over((renderMs * wanted) / 1000, [0.75, 0.75], [1, 1]) : CALM;
}

/** The program scene as the newest look had it, else as OBS has told. */
export function programScene({ picture, obs }: Health): string | null {
  return obs.scene ?? picture.scene;
}

/** @returns ms for which the picture has not changed; 0 on a scene that stands still on purpose; null: not looked at */
export function pictureStillMs(health: Health): number | null {
  return lastingMs(health, health.picture.sameFromMs);
}

export function pictureBlackMs(health: Health): number | null {
  const { picture } = health;
  return picture.hash === null ? null : (lastingMs(health, picture.blackFromMs) ?? 0);
}

/** Measured from look to look: what happens between two of them nobody has seen. */
function lastingMs(health: Health, fromMs: number | null): number | null {
  const { lastAnswerMs } = health.picture.contact;
  if (fromMs === null || lastAnswerMs === null) return null;
  const scene = programScene(health);
  return scene !== null && health.config.stillScenes.includes(scene) ? 0 : lastAnswerMs - fromMs;
}

/** A look that comes a little early must not cost a whole further round. */
const EARLY_MS = 250;
const PICTURE_WARN_MS = 6000 - EARLY_MS;
const PICTURE_CRITICAL_MS = 14_000 - EARLY_MS;

export function pictureStill(health: Health, turn: Turn): Finding {
  const still = isLookedAt(health, turn) ? pictureStillMs(health) : null;
  return still === null ? null : since(still, PICTURE_WARN_MS, PICTURE_CRITICAL_MS);
}

export function pictureBlack(health: Health, turn: Turn): Finding {
  const black = isLookedAt(health, turn) ? pictureBlackMs(health) : null;
  return black === null ? null : since(black, PICTURE_WARN_MS, PICTURE_CRITICAL_MS);
}

function isLookedAt({ picture }: Health, { now, speaks }: Turn): boolean {
  return speaks && picture.hash !== null && !isUnknown(picture.contact, now);
}

const SILENT_WARN_MS = 5000 - EARLY_MS;
const SILENT_CRITICAL_MS = 15_000 - EARLY_MS;

export function soundGone({ sound }: Health, { now, speaks }: Turn): Finding {
  const silent = speaks ? silentForMs(sound, now) : null;
  return silent === null ? null : since(silent, SILENT_WARN_MS, SILENT_CRITICAL_MS);
}
