/** The day of a moment, as a date field takes it: `2026-11-21`; empty for none. */
export function dateOf(moment: string | null): string {
  if (moment === null) return "";
  const when = new Date(moment);
  if (Number.isNaN(when.getTime())) return "";
  return [String(when.getFullYear()).padStart(4, "0"), two(when.getMonth() + 1), two(when.getDate())].join("-");
}

/** The first moment of a day of a date field, here; `null` for an empty one. */
export function startOf(date: string): string | null {
  return momentOf(date, "00:00:00");
}

/** The last second of it: "until the 24th" includes the 24th. */
export function endOf(date: string): string | null {
  return momentOf(date, "23:59:59");
}

function momentOf(date: string, time: string): string | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const when = new Date(`${date}T${time}`);
  return Number.isNaN(when.getTime()) ? null : when.toISOString();
}

function two(n: number): string {
  return String(n).padStart(2, "0");
}
