import type { IncomingMessage } from 'node:http';

/** What is wrong with a body, as HTTP says it. */
export class BadBody extends Error {
  readonly status: 400 | 413;
  readonly field: string;
  constructor(status: 400 | 413, field: string, message: string) {
    super(message);
    this.status = status;
    this.field = field;
  }
}

const DEPTH = 32;

/** @throws BadBody over `limit` bytes, or when the sender went away */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const tooLarge = (): BadBody => new BadBody(413, '', `the body is larger than ${limit} bytes`);
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > limit) throw tooLarge();
      chunks.push(chunk);
    }
  } catch (cause) {
    if (cause instanceof BadBody) throw cause;
    throw new BadBody(400, '', 'the body ended early');
  }
  return Buffer.concat(chunks);
}

/** @throws BadBody saying what is wrong with the text */
export function parseJson(bytes: Buffer): unknown {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new BadBody(
      400,
      '',
      cause instanceof SyntaxError ? `the body is no JSON: ${cause.message}` : 'the body is not UTF-8',
    );
  }
  const fault = jsonFault(value);
  if (fault) throw new BadBody(400, fault.field, fault.message);
  return value;
}

/**
 * Shapes that no honest program sends: nesting beyond 32, or a key that means the prototype to careless code.
 *
 * @param value parsed JSON
 */
export function jsonFault(value: unknown, field = '', depth = 0): { field: string; message: string } | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth >= DEPTH) return { field, message: `nested deeper than ${DEPTH}` };
  for (const key of Object.keys(value)) {
    const at = Array.isArray(value) ? `${field}[${key}]` : field ? `${field}.${key}` : key;
    if (key === '__proto__') return { field: at, message: 'is not allowed as a key' };
    const fault = jsonFault((value as Record<string, unknown>)[key], at, depth + 1);
    if (fault) return fault;
  }
  return null;
}
