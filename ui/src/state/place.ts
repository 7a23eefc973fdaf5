/** A point on the globe, in degrees; north and east are positive. */
export interface Place {
  latitude: number;
  longitude: number;
}

/** What a pasted text says about a place: where it is, that it lies nowhere, that its link hides it, or nothing. */
export type PlaceFound = { is: "place"; place: Place } | { is: "outside" } | { is: "hidden" } | { is: "nothing" };

const NUMBER = String.raw`([+-]?\d{1,3}(?:\.\d+)?)`;
/** Where the links of the usual maps carry the point; the pin itself comes before the middle of the picture. */
const IN_LINKS = [
  new RegExp(`!3d${NUMBER}!4d${NUMBER}`),
  new RegExp(`[?&#](?:q|query|ll|sll|center|destination|daddr|cp|markers)=(?:loc:)?${NUMBER}(?:,|%2C|~)\\+?${NUMBER}`, "i"),
  new RegExp(`[?&]mlat=${NUMBER}&mlon=${NUMBER}`, "i"),
  new RegExp(`/(?:place|search|dir)/(?:[^/]*/)*?${NUMBER},\\+?${NUMBER}`),
  new RegExp(`@${NUMBER},${NUMBER}`),
  new RegExp(`#map=\\d+(?:\\.\\d+)?/${NUMBER}/${NUMBER}`),
  new RegExp(`^geo:${NUMBER},${NUMBER}`, "i"),
];
const SHORT = /^https?:\/\/(?:maps\.app\.goo\.gl|goo\.gl|g\.co|osm\.org\/go|maps\.apple\/|bit\.ly|w3w\.co)/i;

/** Reads coordinates such as `48.2, 16.37`, `48,2; 16,37` or `48.2°N 16.37°E`, or a link copied from a map. */
export function readPlace(pasted: string): PlaceFound {
  const text = pasted.trim();
  if (text === "") return { is: "nothing" };
  if (/^(?:https?:|geo:)/i.test(text)) {
    const readable = decoded(text);
    for (const shape of IN_LINKS) {
      const found = shape.exec(readable);
      if (found !== null) return judged(Number(found[1]), Number(found[2]));
    }
    return { is: SHORT.test(text) ? "hidden" : "nothing" };
  }
  return plain(text);
}

function plain(text: string): PlaceFound {
  const tidy = text.replace(/[−–]/g, "-").replace(/[()[\]]/g, "");
  // A comma within a number only where something else parts the two.
  const found =
    /^([+-]?\d+(?:\.\d+)?)\s*°?\s*([NS]?)\s*[,;\s]\s*([+-]?\d+(?:\.\d+)?)\s*°?\s*([EWO]?)$/i.exec(tidy) ??
    /^([+-]?\d+,\d+)\s*°?\s*([NS]?)\s*(?:;|,?\s)\s*([+-]?\d+,\d+)\s*°?\s*([EWO]?)$/i.exec(tidy);
  if (found === null) return { is: "nothing" };
  const [, north = "", half = "", east = "", side = ""] = found;
  const sign = (letter: string, negative: string) => (letter.toUpperCase() === negative ? -1 : 1);
  return judged(number(north) * sign(half, "S"), number(east) * sign(side, "W"));
}

function number(text: string): number {
  return Number(text.replace(",", "."));
}

function judged(latitude: number, longitude: number): PlaceFound {
  const inside = Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  return inside ? { is: "place", place: { latitude, longitude } } : { is: "outside" };
}

function decoded(link: string): string {
  try {
    return decodeURIComponent(link);
  } catch {
    return link;
  }
}
