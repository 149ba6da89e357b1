import { expect, it } from 'vitest';
import { redact } from './redact.ts';

it('takes a key out in every form it may travel in', () => {
  const key = 'live_7/Zq+secret';
  const forms = [key, encodeURIComponent(key), Buffer.from(key).toString('base64')];
  for (const form of forms) expect(redact(`refused: ${form}!`, [key])).toBe('refused: ‹key›!');
});

it('hides the last part of an rtmp address and every query value, known or not', () => {
  expect(redact('rtmps://a.example:443/app/abcd-1234 failed')).toBe('rtmps://a.example:443/app/‹key› failed');
  expect(redact('GET http://h/live.m3u8?token=abc&x=1')).toBe('GET http://h/live.m3u8?token=‹key›&x=‹key›');
});

it('leaves innocent text alone', () => {
  expect(redact('OBS is closed or crashed.', ['', 'other'])).toBe('OBS is closed or crashed.');
});
