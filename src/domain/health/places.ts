import type { Place } from './place-names.ts';
import { type Health, isConfigured } from './state.ts';

const PLACE_OF: Readonly<Record<string, Place>> = {
  'obs-gone': 'obs',
  'obs-frozen': 'obs',
  'local-network': 'venue',
  'path-to-ingest': 'path',
  'uplink-too-slow': 'venue',
  'obs-gave-up': 'obs',
  'picture-black': 'obs',
  'picture-frozen': 'obs',
  'sound-gone': 'obs',
  'recording-stopped': 'obs',
  'recording-stalled': 'laptop',
  'disk-low': 'laptop',
  'edge-stale': 'edge',
};

/** @returns null when nobody can say */
export function placeOf(health: Health, cause: string): Place | null {
  switch (cause) {
    case 'encoder-overloaded':
      // Frames that were drawn but not encoded are the encoder's; frames that were not even drawn the computer's.
      return health.grades.renderLagPct === 0 && health.grades.encoderLagPct > 0 ? 'encoder' : 'laptop';
    case 'ingest-wedged':
    case 'ingest-dropped':
    case 'packager-stalled':
      // An ingest without a page of its own that we may ask is somebody else's.
      return isConfigured(health, 'rtmp') ? 'ingest' : 'platform';
    default:
      return PLACE_OF[cause] ?? null;
  }
}
