/** Square writes zones by the names of a list of its own, not by the IANA's: name → zone. */
const ZONES: Record<string, string> = {
  'eastern time (us & canada)': 'America/New_York',
  'indiana (east)': 'America/Indiana/Indianapolis',
  'central time (us & canada)': 'America/Chicago',
  'mountain time (us & canada)': 'America/Denver',
  arizona: 'America/Phoenix',
  'pacific time (us & canada)': 'America/Los_Angeles',
  alaska: 'America/Juneau',
  hawaii: 'Pacific/Honolulu',
  'atlantic time (canada)': 'America/Halifax',
  newfoundland: 'America/St_Johns',
  saskatchewan: 'America/Regina',
  'puerto rico': 'America/Puerto_Rico',
  london: 'Europe/London',
  edinburgh: 'Europe/London',
  dublin: 'Europe/Dublin',
  paris: 'Europe/Paris',
  madrid: 'Europe/Madrid',
  lisbon: 'Europe/Lisbon',
  berlin: 'Europe/Berlin',
  rome: 'Europe/Rome',
  amsterdam: 'Europe/Amsterdam',
  tokyo: 'Asia/Tokyo',
  osaka: 'Asia/Tokyo',
  sydney: 'Australia/Sydney',
  canberra: 'Australia/Melbourne',
  melbourne: 'Australia/Melbourne',
  brisbane: 'Australia/Brisbane',
  adelaide: 'Australia/Adelaide',
  darwin: 'Australia/Darwin',
  hobart: 'Australia/Hobart',
  perth: 'Australia/Perth',
  auckland: 'Pacific/Auckland',
  utc: 'UTC',
};

/** @returns the IANA zone of that name (an IANA name is itself), or null when nobody knows it */
export function zoneOf(name: string): string | null {
  const known = ZONES[name.trim().toLowerCase()];
  if (known !== undefined) return known;
  if (!/^[A-Za-z_]+\/[A-Za-z_/+-]+$/.test(name)) return null;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return name;
  } catch {
    return null; // Intl's way to say that there is no such zone
  }
}
