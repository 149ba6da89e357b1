/**
 * OBS shows its address as a QR code whose text is `obsws://host:port/password`; people paste that as often as a plain
 * `ws://` address. The password belongs to the secrets, never into a plan.
 */
export function readObsAddress(typed: string): { address: string; password: string | null } {
  const text = typed.trim();
  const match = /^obsws:\/\/([^/]+)(?:\/(.*))?$/i.exec(text);
  if (!match) return { address: text, password: null };
  return { address: `ws://${match[1]}`, password: match[2] ? decode(match[2]) : null };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % is part of the password
  }
}
