import { once } from 'node:events';
import { type RequestListener, type ServerResponse, createServer } from 'node:http';

/** What a server outside may do to whoever asks it. */
export const HOSTILITIES = [
  'garbage',
  'ten megabytes',
  'a slow drip',
  'never',
  'hangs up',
  'a doctype',
  'deep nesting',
  'impossible numbers',
  'wrong types',
  'endless attributes',
  'a redirect',
] as const;
export type Hostility = (typeof HOSTILITIES)[number];

export interface FakePage {
  /** without a slash at its end */
  url: string;
  /** null: as it should be */
  be: (mood: Hostility | null) => void;
  close: () => Promise<void>;
}

/** A page that answers as `good` does until it is told to be hostile. */
export async function startFakePage(good: RequestListener): Promise<FakePage> {
  let mood: Hostility | null = null;
  const server = createServer((request, response) => {
    if (mood === null) good(request, response);
    else turnOn(response, mood);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the fake does not listen');
  return {
    url: `http://127.0.0.1:${address.port}`,
    be: (next) => {
      mood = next;
    },
    close: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

const BODIES: Partial<Record<Hostility, string>> = {
  garbage: '\u0000\ufffd<<<{{{#EXT]]>',
  'a doctype': '<!DOCTYPE rtmp [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><rtmp><bytes_in>&b;</bytes_in></rtmp>',
  'deep nesting': `${'<rtmp>'.repeat(60_000)}${'['.repeat(60_000)}{"a":`,
  'impossible numbers':
    '#EXTM3U\n#EXT-X-TARGETDURATION:-1\n#EXT-X-MEDIA-SEQUENCE:NaN\n#EXTINF:1e999,\n-1.ts\n#EXTINF:-5,\n../../../\n',
  'wrong types': '{"name":[],"source":{"type":{},"id":-1},"bytesReceived":"NaN","readers":{"length":4}}',
  'endless attributes': `#EXTM3U\n#EXT-X-STREAM-INF:${',a'.repeat(120_000)}\nx\n${'<a'.repeat(300_000)}`,
};

function turnOn(response: ServerResponse, mood: Hostility): void {
  switch (mood) {
    case 'never':
      return;
    case 'hangs up':
      response.destroy();
      return;
    case 'ten megabytes':
      response.end('#EXTM3U\n'.padEnd(10_000_000, 'x'));
      return;
    case 'a redirect':
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      return;
    case 'a slow drip': {
      response.writeHead(200);
      const drip = setInterval(() => response.write('<'), 50);
      response.on('close', () => clearInterval(drip));
      return;
    }
    default:
      response.end(BODIES[mood]);
  }
}
