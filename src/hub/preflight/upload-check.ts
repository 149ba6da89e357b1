import { type Upload, upload } from '../net/upload.ts';
import { RefusedAddress } from '../net/address.ts';
import { type Check, type Finding, fails, passed, skips, unknowable, warns } from './check.ts';
import { streamKbps } from './stream-rate.ts';

const FOR_MS = 10_000;
/** Twice what the stream takes is room enough, and leaves some for what else is tested. */
const TIMES = 2;
const MOST_KBPS = 50_000;

/** net-4: ten seconds of upload to the sink of the settings; how much of it the stream takes. */
export const uploadCheck: Check = async (ground, signal) => {
  const sink = ground.setting('preflight.sinkUrl');
  if (typeof sink !== 'string' || !URL.canParse(sink))
    return skips('No upload sink is set (setting preflight.sinkUrl), so the upload was not measured.');
  const url = new URL(sink);
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return skips('The upload sink is no http(s) address; only PUT is measured.');
  const rate = await streamKbps(ground);
  const mostKbps = rate === null ? MOST_KBPS : Math.min(MOST_KBPS, rate.kbps * TIMES);
  try {
    const { ownPorts } = ground;
    const found = await upload({ url, ownPorts, forMs: FOR_MS, mostKbps, signal });
    return uploadFinding(found, rate, mostKbps);
  } catch (error) {
    const why = error instanceof RefusedAddress ? error.message : 'The line to it broke, or it did not answer.';
    return unknowable(`The upload could not be measured. ${why}`, 'Check the address of the upload sink.');
  }
};

/**
 * @param rate     what the stream takes; null: not known
 * @param mostKbps the pace that was not exceeded: as much as this and more may be there
 */
export function uploadFinding(
  { status, bytes, tookMs }: Upload,
  rate: { kbps: number; from: string } | null,
  mostKbps: number,
): Finding {
  if (status !== null && (status < 200 || status > 299))
    return unknowable(`The upload sink answers ${status} to PUT.`, 'Choose a sink that takes PUT.');
  const kbps = Math.round((bytes * 8) / tookMs);
  const bound = status === null ? 'at most ' : kbps >= 0.9 * mostKbps ? 'at least ' : '';
  const measured = `${bound}${kbps} kbit/s`;
  if (rate === null)
    return unknowable(`Upload ${measured}; what the stream takes is not known.`, 'Set the bitrate in OBS.');
  const share = rate.kbps / kbps;
  const evidence = `Upload ${measured}; the stream takes ${rate.kbps} kbit/s by ${rate.from}, ${Math.round(share * 100)} % of it.`;
  const fix = `Lower the bitrate to ${Math.floor((0.7 * kbps) / 100) * 100} kbps.`;
  if (status === null && share <= 0.85) return unknowable(`${evidence} The sink did not answer.`, 'Run it again.');
  return share <= 0.7 ? passed(evidence) : share <= 0.85 ? warns(evidence, fix) : fails(evidence, fix);
}
