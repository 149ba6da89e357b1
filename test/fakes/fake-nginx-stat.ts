import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FakePage, startFakePage } from './hostile-page.ts';

const RECORDED = readFileSync(join(import.meta.dirname, '../fixtures/stream/nginx-rtmp-1.1.4-stat.xml'), 'utf8');

/** Stream and application on the recorded page. */
export const OURS = { application: 'live', name: 'show-4f1c9a' };

/** The page that nginx-rtmp 1.1.4 really wrote, with a byte count of the stream that grows at every look. */
export async function startFakeNginxStat(): Promise<FakePage> {
  let bytes = 451_068;
  return await startFakePage((_, response) => {
    bytes += 100_000;
    const page = RECORDED.replace('<bytes_in>451068<', `<bytes_in>${bytes}<`);
    response.writeHead(200, { 'content-type': 'text/xml' }).end(page);
  });
}
