import { expect, it } from 'vitest';
import { cleaned, hideKnown, holdsSecret, knowSecret, redact } from './redact.ts';

const key = 'live_7/Zq+secret "x"';

it('takes a key out in every form it may travel in', () => {
  const bytes = Buffer.from(key);
  const forms = [key, encodeURIComponent(key), bytes.toString('base64'), bytes.toString('base64url')];
  forms.push(bytes.toString('hex'), bytes.toString('hex').toUpperCase(), JSON.stringify(key).slice(1, -1));
  for (const form of forms) expect(redact(`refused: ${form}!`, [key])).toBe('refused: ‹key›!');
});

it('finds a key that was encoded together with its neighbours', () => {
  for (const before of ['', 'u', 'us', 'user:']) {
    for (const after of ['', '@', '@h', '@ho']) {
      const text = redact(Buffer.from(`${before}${key}${after}`).toString('base64'), [key]);
      expect(text).toContain('‹key›');
      // What is left of it are letters that are mixed with its neighbours'.
      const left = Buffer.from(text.split('‹key›').join('A'), 'base64').toString('latin1');
      expect(left).not.toContain(key.slice(2, 10));
    }
  }
});

it('knows for ever what it was told once, and leaves words too short to be a key alone', () => {
  expect(redact('sent to canary-4711')).toBe('sent to canary-4711');
  for (const secret of ['canary-4711', 'live', '', null, undefined]) knowSecret(secret);
  expect(redact('sent to canary-4711, live')).toBe('sent to ‹key›, live');
  expect([holdsSecret('a canary-4711'), holdsSecret('live')]).toEqual([true, false]);
  expect(hideKnown('rtmp://h/app/canary-4711?x=1')).toBe('rtmp://h/app/‹key›?x=1');
});

it('hides the last part of an rtmp address and every query value, known or not', () => {
  expect(redact('rtmps://a.example:443/app/abcd-1234 failed')).toBe('rtmps://a.example:443/app/‹key› failed');
  expect(redact('GET http://h/live.m3u8?token=abc&x=1')).toBe('GET http://h/live.m3u8?token=‹key›&x=‹key›');
});

it('leaves innocent text alone', () => {
  expect(redact('OBS is closed or crashed.', ['', 'other'])).toBe('OBS is closed or crashed.');
  // A key may be a word of every day, and our sentences are not made of keys.
  expect(redact('Only played in the demo.', ['demo'])).toBe('Only played in the demo.');
});

it('cleans texts wherever they stand in a value, and nothing else', () => {
  const value = { a: 'canary-4711', b: [1, null, { c: 'x canary-4711' }], d: true };
  expect(cleaned(value, redact)).toEqual({ a: '‹key›', b: [1, null, { c: 'x ‹key›' }], d: true });
});
