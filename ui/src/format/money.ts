/** Sums are decimal texts from end to end: a price such as 0.0382 has no exact binary form. */

const DECIMAL = /^-?\d{1,15}(?:\.\d{1,12})?$/;

/** A sum as it is read; `most` is how many places after the point may be shown. */
export function moneyLabel(sum: string, currency: string, most = 2): string {
  if (!DECIMAL.test(sum)) return sum;
  const code = /^[A-Z]{3}$/.test(currency) ? currency : null;
  const shown = new Intl.NumberFormat("en", {
    ...(code === null ? {} : { style: "currency" as const, currency: code }),
    // Prices below each other are compared: they have the same places.
    minimumFractionDigits: Math.min(4, Math.max(2, most)),
    maximumFractionDigits: Math.max(2, most),
  }).format(sum as Intl.StringNumericLiteral);
  return code === null && currency !== "" ? `${shown} ${currency}` : shown;
}

/** A price as somebody types it, with comma or point, in the form the engine takes; `null` when it is none. */
export function readPrice(typed: string): string | null {
  const found = /^(\d{1,6})(?:[.,](\d{1,6}))?$/.exec(typed.trim());
  if (found === null) return null;
  const whole = (found[1] ?? "0").replace(/^0+(?=\d)/, "");
  return found[2] === undefined ? whole : `${whole}.${found[2]}`;
}

/** The month before (-1) or after (1) one such as `2026-11`. */
export function monthStep(month: string, step: 1 | -1): string {
  const found = /^(\d{4})-(\d{2})$/.exec(month);
  if (found === null) return month;
  const months = Number(found[1]) * 12 + Number(found[2]) - 1 + step;
  return `${String(Math.floor(months / 12)).padStart(4, "0")}-${String((months % 12) + 1).padStart(2, "0")}`;
}

/** The month a moment lies in, in UTC as the engine counts it. */
export function monthOf(now: number): string {
  return new Date(now).toISOString().slice(0, 7);
}

const monthFormat = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });

/** "November 2026". */
export function monthLabel(month: string): string {
  const ms = Date.parse(`${month}-01T00:00:00Z`);
  return Number.isNaN(ms) ? month : monthFormat.format(ms);
}

const dateFormat = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric" });

/** "1 October 2026", of a day or a moment. */
export function dateLabel(day: string): string {
  // A day alone is a day everywhere; read as midnight in UTC it would be the day before in half of the world.
  const ms = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(day) ? `${day}T12:00:00` : day);
  return Number.isNaN(ms) ? day : dateFormat.format(ms);
}
