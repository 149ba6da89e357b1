import type { Duration } from '../../domain/units.ts';
import { betweenCheck } from './between.ts';
import { certificatesCheck } from './certificates.ts';
import { type Check, unknowable } from './check.ts';
import { clockCheck } from './clock-check.ts';
import { awakeCheck, computerCheck } from './computer.ts';
import { deadPublisherCheck } from './dead-publisher.ts';
import {
  diskCheck,
  goodsCheck,
  ownersCheck,
  safetyCopyCheck,
  screensCheck,
  soundCheck,
  tillsCheck,
} from './desk-checks.ts';
import { backupCheck, otherEncoderCheck, runbookCheck } from './failover-checks.ts';
import { keySafetyCheck } from './key-safety.ts';
import { linkCheck } from './link.ts';
import { ingestDoorCheck, namesCheck, roundTripCheck } from './network-checks.ts';
import { edgeBehindCheck, notModifiedCheck, playlistGoesOnCheck, playlistKeptCheck } from './playlist-checks.ts';
import { OBS_CHECKS, OBS_DEADLINES } from './obs-checks.ts';
import { corsCheck, edgeKeepsCheck, missingKeptCheck, segmentKeptCheck, typesCheck } from './segment-checks.ts';
import { uploadCheck } from './upload-check.ts';

/** Every check by its id of domain/audit/catalogue.ts. */
const CHECKS: Readonly<Record<string, Check>> = {
  'net-1': linkCheck,
  'net-2': namesCheck,
  'net-3': roundTripCheck,
  'net-4': uploadCheck,
  'net-5': betweenCheck,
  'net-6': clockCheck,
  'net-7': ingestDoorCheck,
  'net-8': certificatesCheck,
  'cache-1': playlistGoesOnCheck,
  'cache-2': playlistKeptCheck,
  'cache-3': segmentKeptCheck,
  'cache-4': missingKeptCheck,
  'cache-5': corsCheck,
  'cache-6': notModifiedCheck,
  'cache-7': edgeKeepsCheck,
  'cache-8': typesCheck,
  'cache-9': edgeBehindCheck,
  'fail-1': backupCheck,
  'fail-2': deadPublisherCheck,
  'fail-3': otherEncoderCheck,
  'fail-6': computerCheck,
  'fail-7': runbookCheck,
  'sec-1': keySafetyCheck,
  'floor-1': tillsCheck,
  'floor-2': ownersCheck,
  'floor-3': screensCheck,
  'stock-1': goodsCheck,
  'store-1': safetyCopyCheck,
  'store-2': diskCheck,
  'laptop-1': awakeCheck,
  'sound-1': soundCheck,
  ...OBS_CHECKS,
};

/** Checks that look for longer than others may (STR-73: 5 s, those of the test stream 20 s). */
const DEADLINES: Readonly<Record<string, Duration>> = {
  // Two segments must pass by.
  'cache-1': 20_000,
  // Somebody must fall silent for long enough.
  'fail-2': 16_000,
  ...OBS_DEADLINES,
};

export function checkOf(id: string): Check {
  return CHECKS[id] ?? (() => Promise.resolve(unknowable('This check could not be made.')));
}

/** @returns ms that a check may take */
export function deadlineOf(id: string, isTest: boolean): Duration {
  return DEADLINES[id] ?? (isTest ? 20_000 : 5_000);
}
