/** Where the trouble is, so that people know where to go and look. */
const PLACES = {
  laptop: 'Your computer',
  obs: 'OBS',
  encoder: 'The encoder',
  venue: "The venue's network",
  path: 'The way to the ingest',
  ingest: 'The ingest',
  platform: 'The platform',
  edge: 'The edge',
} as const;
export type Place = keyof typeof PLACES;

export function placeName(place: Place | null): string | null {
  return place === null ? null : PLACES[place];
}
