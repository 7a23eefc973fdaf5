import type { HoursView } from "../api/generated";
import { words } from "../words";

/** One time from opening to closing. */
export interface Stretch {
  from: string;
  to: string;
}

/** The week while it is edited: from Monday, each day with its stretches. */
export interface HoursDraft {
  /** Empty: this computer's. */
  zone: string;
  days: Stretch[][];
  closed: string[];
}

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;

export function hoursDraft(view: HoursView): HoursDraft {
  const days: Stretch[][] = Array.from({ length: 7 }, () => []);
  for (const { day, from, to } of view.days) days[day - 1]?.push({ from, to });
  for (const day of days) day.sort((a, b) => a.from.localeCompare(b.from));
  return { zone: view.zone ?? "", days, closed: [...view.closed].sort() };
}

export function hoursView(draft: HoursDraft): HoursView {
  return {
    zone: draft.zone === "" ? null : draft.zone,
    days: draft.days.flatMap((stretches, i) => stretches.map(({ from, to }) => ({ day: i + 1, from, to }))),
    closed: [...new Set(draft.closed.filter((date) => date !== ""))].sort(),
  };
}

/** Adds a stretch to a day: after the last one, or the day before's, or a usual one. */
export function withStretch(days: readonly Stretch[][], day: number): Stretch[][] {
  const there = days[day] ?? [];
  const model = days.slice(0, day).reverse().find((stretches) => stretches.length > 0);
  const added = there.length > 0 ? [{ from: "14:00", to: "18:00" }] : (model ?? [{ from: "09:00", to: "18:00" }]).map((s) => ({ ...s }));
  return days.map((stretches, i) => (i === day ? [...there, ...added] : stretches));
}

/** Gives the other working days the hours of one. */
export function copiedToWeek(days: readonly Stretch[][], day: number): Stretch[][] {
  const model = days[day] ?? [];
  return days.map((stretches, i) => (i < 5 ? model.map((s) => ({ ...s })) : stretches));
}

/** What does not fit, by day; a closing time before the opening one is the next day's. */
export function hoursProblems(draft: HoursDraft): Map<number, string> {
  const w = words.assistant.hours;
  const problems = new Map<number, string>();
  draft.days.forEach((stretches, day) => {
    if (stretches.some(({ from, to }) => !TIME.test(from) || !TIME.test(to))) return problems.set(day, w.incomplete);
    if (stretches.some(({ from, to }) => from === to)) return problems.set(day, w.empty);
    const sorted = [...stretches].sort((a, b) => a.from.localeCompare(b.from));
    const overlap = sorted.some((stretch, i) => {
      const next = sorted[i + 1];
      return next !== undefined && (stretch.to < stretch.from || stretch.to > next.from);
    });
    if (overlap) problems.set(day, w.overlap);
    return undefined;
  });
  return problems;
}

/** "Mon–Fri 09:00–18:00, Sat 10:00–14:00": days in a row with the same hours are said once. */
export function hoursInWords(view: HoursView): string {
  const w = words.assistant.hours;
  const days = hoursDraft(view).days.map((stretches) => stretches.map(({ from, to }) => `${from}–${to}`).join(` ${w.and} `));
  const parts: string[] = [];
  for (let i = 0; i < 7; ) {
    let end = i;
    while (end < 6 && days[end + 1] === days[i]) end += 1;
    if (days[i] !== "") parts.push(`${w.short[i]}${end > i ? `–${w.short[end]}` : ""} ${days[i]}`);
    i = end + 1;
  }
  return parts.join(", ");
}

/** When it opens next, in words; for a picture of an answer, the engine knows it exactly. */
export function nextOpen(view: HoursView, now: number): string | null {
  const w = words.assistant.hours;
  const { days } = hoursDraft(view);
  const today = (new Date(now).getDay() + 6) % 7;
  for (let ahead = 1; ahead <= 7; ahead += 1) {
    const first = days[(today + ahead) % 7]?.[0];
    if (first !== undefined) return `${w.long[(today + ahead) % 7]} ${first.from}`;
  }
  return null;
}

/**
 * Time zones a person may choose from, with the one of this computer first. `chosen` is among them too: the engine knows
 * names, such as Etc/UTC or Asia/Calcutta, that a page does not list.
 */
export function zones(chosen: string): string[] {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return [...new Set([here, ...(chosen === "" ? [] : [chosen]), ...Intl.supportedValuesOf("timeZone")])];
}
