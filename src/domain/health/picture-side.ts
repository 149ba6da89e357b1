import { type Contact, initialContact, noteContact } from './contact.ts';
import { type HealthSample, asNumber, asRecord, asText } from './sample.ts';

/** What the viewers would see: the program scene, looked at small every two seconds (STR-6, STR-33). */
export interface PictureSide {
  contact: Contact;
  hash: string | null;
  scene: string | null;
  /** first look at the picture that is still there */
  sameFromMs: number | null;
  /** first look at the blackness that still lasts; null: not black */
  blackFromMs: number | null;
  /** mean brightness, 0..255 */
  meanLuma: number | null;
}

export function initialPicture(): PictureSide {
  return {
    contact: initialContact(),
    hash: null,
    scene: null,
    sameFromMs: null,
    blackFromMs: null,
    meanLuma: null,
  };
}

const BLACK_LUMA = 4;

export function observePicture(picture: PictureSide, sample: HealthSample): void {
  const data = asRecord(sample.data);
  const hash = sample.error === undefined ? asText(data?.['hash']) : null;
  noteContact(picture.contact, sample.ms, sample.error ?? (hash === null ? 'closed' : null));
  if (hash === null) return;
  const scene = asText(data?.['scene']) ?? picture.scene;
  if (hash !== picture.hash || scene !== picture.scene) picture.sameFromMs = sample.ms;
  picture.hash = hash;
  picture.scene = scene;
  picture.meanLuma = asNumber(data?.['meanLuma']);
  if (picture.meanLuma === null || picture.meanLuma >= BLACK_LUMA) picture.blackFromMs = null;
  else picture.blackFromMs ??= sample.ms;
}

/** Another scene is on air, or the stream has begun: what was seen before says nothing of it. */
export function beginPicture(picture: PictureSide): void {
  picture.hash = null;
  picture.sameFromMs = null;
  picture.blackFromMs = null;
}
