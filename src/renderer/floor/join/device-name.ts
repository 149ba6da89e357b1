/** What the desk calls a device until somebody names it better: the kind of machine, nothing that tells it from others. */
export function deviceName(userAgent: string, touchPoints = 0): string {
  if (/iPhone|iPod/.test(userAgent)) return 'iPhone';
  // iPads say that they are Macs; no Mac has a touch screen.
  if (/iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && touchPoints > 1)) return 'iPad';
  if (/Android/.test(userAgent)) return /Mobile/.test(userAgent) ? 'Android phone' : 'Android tablet';
  if (/CrOS/.test(userAgent)) return 'Chromebook';
  if (/Macintosh/.test(userAgent)) return 'Mac';
  if (/Windows/.test(userAgent)) return 'Windows computer';
  return 'Computer';
}
