import { describe, expect, it } from 'vitest';
import { deviceName } from './device-name.ts';

describe('device name', () => {
  it.each([
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15', 5, 'iPhone'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15', 5, 'iPad'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15', 0, 'Mac'],
    ['Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140 Mobile Safari/537.36', 5, 'Android phone'],
    ['Mozilla/5.0 (Linux; Android 15; SM-X910) AppleWebKit/537.36 Chrome/140 Safari/537.36', 5, 'Android tablet'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64)', 0, 'Windows computer'],
    ['curl/8', 0, 'Computer'],
  ])('%s with %i touch points', (userAgent, touchPoints, name) => {
    expect(deviceName(userAgent, touchPoints)).toBe(name);
  });
});
