import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Turned } from './guard.ts';

/** On every answer of every listener. There is no CORS header and no cookie anywhere. */
const ALWAYS = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
} as const;

/**
 * Svelte 5 asks for the one Trusted Types policy that is named. Sockets only to the address this page came from: newer
 * browsers count them under 'self', older ones want it spelt out, and an IPv6 address cannot be spelt in a policy.
 */
function pagePolicy(host: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "media-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    host.startsWith('[') ? "connect-src 'self'" : `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types svelte-trusted-html',
  ].join('; ');
}

export function sendJson(response: ServerResponse, status: number, body: object): void {
  send(response, status, Buffer.from(JSON.stringify(body)), {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Cache-Control': 'no-store',
  });
}

export interface Served {
  status: number;
  type: string;
  /** the name changes with the content, so it may be kept for ever */
  immutable: boolean;
  bytes: Buffer;
  /** the same, packed: a venue's Wi-Fi is slow; null when packing gains nothing. Pages hold no secret */
  packed: () => Buffer | null;
}

export function sendPage(
  response: ServerResponse,
  { status, type, immutable, bytes, packed: pack }: Served,
  asked: { host: string; takesGzip: boolean },
): void {
  const { host } = asked;
  const packed = asked.takesGzip ? pack() : null;
  send(response, status, packed ?? bytes, {
    'Content-Type': type,
    Vary: 'Accept-Encoding',
    ...(packed && { 'Content-Encoding': 'gzip' }),
    'Content-Security-Policy': pagePolicy(host),
    'Cache-Control': immutable ? 'public, max-age=31536000, immutable' : 'no-store',
  });
}

/** A written file is a download, never a document of ours: shown in the page's origin it could act as the desk. */
export function sendFile(response: ServerResponse, path: string, bytes: Uint8Array): void {
  const name = path.split('/').at(-1) ?? 'file';
  send(response, 200, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    'Content-Security-Policy': 'sandbox',
    'Cache-Control': 'no-store',
  });
}

export function redirect(response: ServerResponse, to: string): void {
  send(response, 302, Buffer.alloc(0), { Location: to, 'Cache-Control': 'no-store' });
}

/** 0 bytes of state; the connection is not worth keeping. */
export function sendTurned(response: ServerResponse, { status, error }: Turned, toPerson: boolean): void {
  response.shouldKeepAlive = false;
  if (!toPerson) return sendJson(response, status, { error });
  const sentence = 'This address is not the one Dropdesk answers to. Open the numeric address that the desk shows.\n';
  send(response, status, Buffer.from(sentence), {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
  });
}

export function turnUpgrade(socket: Duplex, { status, error }: { status: number; error: string }): void {
  const body = JSON.stringify({ error });
  const reason = status === 403 ? 'Forbidden' : 'Bad Request';
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.once('finish', () => socket.destroy());
}

function send(response: ServerResponse, status: number, body: Buffer, headers: Record<string, string>): void {
  if (response.headersSent) return;
  response.writeHead(status, { ...ALWAYS, ...headers, 'Content-Length': body.byteLength });
  response.end(response.req.method === 'HEAD' ? undefined : body);
}
