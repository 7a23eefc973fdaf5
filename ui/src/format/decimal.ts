/** A decimal number without the rounding of binary ones: `units` / 10^`places`. */
export interface Decimal {
  units: bigint;
  places: number;
}

/** A price with more digits than this is none. */
const LONGEST = 30;

/** Reads a decimal number out of a number or a string; null when it is none. */
export function decimal(value: unknown): Decimal | null {
  const text = typeof value === "number" ? String(value) : typeof value === "string" ? value.trim() : "";
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text);
  if (found === null || text.length > LONGEST) return null;
  const [, sign, whole = "", part = "", power = "0"] = found;
  if (whole === "" && part === "") return null;
  const places = part.length - Number(power);
  const digits = BigInt(`${whole}${part}`) * (places < 0 ? 10n ** BigInt(-places) : 1n);
  return { units: sign === "-" ? -digits : digits, places: Math.max(0, places) };
}

const aligned = (n: Decimal, places: number) => n.units * 10n ** BigInt(places - n.places);

/** The sum of two. */
export function plus(a: Decimal, b: Decimal): Decimal {
  const places = Math.max(a.places, b.places);
  return { units: aligned(a, places) + aligned(b, places), places };
}

/** The product of two. */
export function times(a: Decimal, b: Decimal): Decimal {
  return { units: a.units * b.units, places: a.places + b.places };
}

/** Writes it with a point and no thousands, and without noughts that say nothing. */
export function written(n: Decimal): string {
  const digits = (n.units < 0n ? -n.units : n.units).toString().padStart(n.places + 1, "0");
  const whole = digits.slice(0, digits.length - n.places);
  const part = digits.slice(digits.length - n.places).replace(/0+$/, "");
  return `${n.units < 0n ? "-" : ""}${whole}${part === "" ? "" : `.${part}`}`;
}

/** A price as the person's own settings write it; with the currency's code where that is not known. */
export function money(n: Decimal, currency: string | null): string {
  const text = written(n) as `${number}`;
  if (currency !== null && /^[A-Za-z]{3}$/.test(currency)) {
    try {
      const exact = n.places === 0 ? {} : { maximumFractionDigits: Math.min(20, Math.max(2, (text.split(".")[1] ?? "").length)) };
      const usual = new Intl.NumberFormat(undefined, { style: "currency", currency });
      const most = usual.resolvedOptions().maximumFractionDigits ?? 2;
      const needs = (text.split(".")[1] ?? "").length > most;
      // A string is formatted digit by digit; a number would be rounded first.
      return (needs ? new Intl.NumberFormat(undefined, { style: "currency", currency, ...exact }) : usual).format(text);
    } catch {
      // Falls through: a code nobody knows.
    }
  }
  return currency === null || currency === "" ? text : `${text} ${currency}`;
}
