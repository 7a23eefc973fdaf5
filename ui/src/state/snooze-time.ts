import { at } from "../format/time";
import { words } from "../words";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const YEAR = 366;
/** The hour meant by a day without one. */
const OPENING = 9;
/** From this hour on, "this evening" is no longer worth offering. */
const EVENING = 18;
/** A bare "3" is the afternoon, a bare "9" the morning. Whoever means the night writes "3:00" or "3 am". */
const FIRST_MORNING_HOUR = 7;
/** So long before the service window closes a conversation comes back. */
const BEFORE_CLOSE = HOUR;

/** Why a text names no time to come back at. */
export type SnoozeProblem = "unknown" | "past" | "far" | "noWindow" | "windowSoon";
/** When to come back, in milliseconds; or why that cannot be said. */
export type SnoozeTime = { at: number } | { problem: SnoozeProblem };

/** A time that is offered, so that nobody has to type it. */
export interface SnoozePreset {
  key: "hour" | "evening" | "tomorrow" | "monday" | "beforeClose";
  at: number;
}

/** Reads "2h", "tomorrow 9", "monday 10", "before window closes"; `null` while nothing is there to be read. What it finds never lies in the past. */
export function readSnooze(text: string, now: number, windowClosesAt: string | null): SnoozeTime | null {
  const tokens = tokensOf(text);
  if (tokens.length === 0) return null;
  const v = words.snooze.vocabulary;
  if (tokens.some((token) => v.window.includes(token))) return beforeClose(now, windowClosesAt);
  const found = readLength(tokens, now) ?? readMoment(tokens, now);
  if (found === null || Number.isNaN(found)) return { problem: "unknown" };
  if (found <= now) return { problem: "past" };
  return found > moved(now, YEAR) ? { problem: "far" } : { at: found };
}

/** The times that are offered now: none twice, none in the past. */
export function snoozePresets(now: number, windowClosesAt: string | null): SnoozePreset[] {
  const evening = onDay(now, 0, EVENING);
  const tomorrow = onDay(now, 1, OPENING);
  const monday = onDay(now, untilWeekday(now, 1), OPENING);
  const close = beforeClose(now, windowClosesAt);
  const all: SnoozePreset[] = [{ key: "hour", at: now + HOUR }];
  if (evening - now > HOUR) all.push({ key: "evening", at: evening });
  all.push({ key: "tomorrow", at: tomorrow });
  if (monday !== tomorrow) all.push({ key: "monday", at: monday });
  if ("at" in close && close.at - now > 5 * MINUTE) all.push({ key: "beforeClose", at: close.at });
  return all;
}

function beforeClose(now: number, windowClosesAt: string | null): SnoozeTime {
  const closes = windowClosesAt === null ? Number.NaN : at(windowClosesAt);
  if (!(closes > now)) return { problem: "noWindow" };
  return closes - BEFORE_CLOSE > now ? { at: closes - BEFORE_CLOSE } : { problem: "windowSoon" };
}

/** The words of a text without those that say nothing; "2h" and "9am" are two words each. */
function tokensOf(text: string): string[] {
  const fill = words.snooze.vocabulary.fill;
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/(\d)(\p{L})/gu, "$1 $2")
    .replace(/(\p{L})(\d)/gu, "$1 $2")
    .split(/[\s,;]+/u)
    .map((token) => token.replace(/[.!?]+$/u, ""))
    .filter((token) => token !== "" && !fill.includes(token));
}

/** "2 h 30 min", "half an hour", "two days"; `null` when it is no length of time. */
function readLength(tokens: string[], now: number): number | null {
  const v = words.snooze.vocabulary;
  let span = 0;
  let days = 0;
  let amount: number | null = null;
  let units = 0;
  for (const token of tokens) {
    const number = /^\d{1,5}(?:[.]\d{1,2})?$/u.test(token) ? Number(token) : Object.hasOwn(v.numbers, token) ? (v.numbers[token] ?? null) : null;
    if (number !== null) {
      // "half an hour": the second of two numbers is the article.
      if (amount !== null && !(amount === v.numbers.half && number === 1)) return null;
      amount ??= number;
      continue;
    }
    if (amount === null) return null;
    if (v.minutes.includes(token)) span += amount * MINUTE;
    else if (v.hours.includes(token)) span += amount * HOUR;
    else if (v.days.includes(token)) days += amount;
    else if (v.weeks.includes(token)) days += amount * 7;
    else return null;
    units += 1;
    amount = null;
  }
  if (units === 0 || amount !== null) return null;
  const whole = Math.floor(days);
  return moved(now, whole) + (days - whole) * 24 * HOUR + span;
}

/** A day, an hour, or both; `null` when a word belongs to neither. */
function readMoment(tokens: string[], now: number): number | null {
  const v = words.snooze.vocabulary;
  let day: number | null = null;
  let date: Date | null = null;
  let hour: number | null = null;
  let minute = 0;
  let exact = false;
  let half: "before" | "after" | null = null;
  let part: number | null = null;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] ?? "";
    const next = tokens[i + 1] ?? "";
    const weekday = v.weekdays.findIndex((names) => names.includes(token));
    const month = v.months.findIndex((names) => names.includes(token));
    const taken = day !== null || date !== null;
    const clock = /^(\d{1,2})[:.](\d{2})$/u.exec(token);
    const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/u.exec(token);
    if (v.next.includes(token)) {
      const week = v.weeks.includes(next);
      if (!week && !v.weekdays.some((names) => names.includes(next))) return null;
      if (!week) continue;
      if (taken) return null;
      day = untilWeekday(now, 1);
      i += 1;
    } else if (v.today.includes(token) || v.tonight.includes(token)) {
      if (taken) return null;
      day = 0;
      if (v.tonight.includes(token)) part ??= v.parts.night ?? EVENING;
    } else if (v.tomorrow.includes(token)) {
      if (taken) return null;
      day = 1;
    } else if (weekday >= 0) {
      if (taken) return null;
      day = untilWeekday(now, weekday);
    } else if (month >= 0) {
      // "dec 24": the day comes after its month.
      if (taken || !/^\d{1,2}$/u.test(next)) return null;
      date = dateOf(now, month, Number(next));
      if (date === null) return null;
      i += 1;
    } else if (iso !== null) {
      if (taken) return null;
      date = calendarDate(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
      if (date === null) return null;
    } else if (clock !== null) {
      if (hour !== null) return null;
      hour = Number(clock[1]);
      minute = Number(clock[2]);
      exact = true;
    } else if (/^\d{1,2}$/u.test(token)) {
      const named = v.months.findIndex((names) => names.includes(next));
      if (named >= 0) {
        if (taken) return null;
        date = dateOf(now, named, Number(token));
        if (date === null) return null;
        i += 1;
      } else {
        if (hour !== null) return null;
        hour = Number(token);
        exact = token.length === 2 && token.startsWith("0");
        // "9 h" after a day is nine o'clock.
        if (v.hours.includes(next)) i += 1;
      }
    } else if (v.before.includes(token) || v.after.includes(token)) {
      if (hour === null || half !== null) return null;
      half = v.before.includes(token) ? "before" : "after";
    } else if (Object.hasOwn(v.parts, token)) {
      part = v.parts[token] ?? null;
    } else {
      return null;
    }
  }
  if (day === null && date === null && hour === null && part === null) return null;
  const hours = hourMeant(hour, half, part, exact);
  if (hours === null || minute > 59) return null;
  if (date !== null) return new Date(date.getFullYear(), date.getMonth(), date.getDate(), hours ?? OPENING, minute).getTime();
  if (day !== null) return onDay(now, day, hours ?? (day === 0 ? EVENING : OPENING), minute);
  // Only an hour: the next time the clock shows it.
  const today = onDay(now, 0, hours ?? OPENING, minute);
  return today > now ? today : onDay(now, 1, hours ?? OPENING, minute);
}

/** The hour of the day that is meant; `undefined`: none was named; `null`: there is no such hour. */
function hourMeant(hour: number | null, half: "before" | "after" | null, part: number | null, exact: boolean): number | undefined | null {
  if (hour === null) return part ?? undefined;
  if (hour > 23) return null;
  if (half !== null) {
    if (hour < 1 || hour > 12) return null;
    return (hour % 12) + (half === "after" ? 12 : 0);
  }
  if (part !== null && part >= 12) return hour < 12 ? hour + 12 : hour;
  if (part !== null || exact) return hour;
  return hour > 0 && hour < FIRST_MORNING_HOUR ? hour + 12 : hour;
}

/** So many days from today, at an hour of the local clock. */
function onDay(now: number, days: number, hour: number, minute = 0): number {
  const day = new Date(now);
  return new Date(day.getFullYear(), day.getMonth(), day.getDate() + days, hour, minute).getTime();
}

/** The same time of day, so many days later. */
function moved(now: number, days: number): number {
  const moment = new Date(now);
  moment.setDate(moment.getDate() + days);
  return moment.getTime();
}

/** Days until the next such day of the week. Today's own name means the one in a week: today would be called today. */
function untilWeekday(now: number, weekday: number): number {
  return (weekday - new Date(now).getDay() + 7) % 7 || 7;
}

/** A day of this year, or of the next when it is over. */
function dateOf(now: number, month: number, day: number): Date | null {
  const today = new Date(now);
  const year = today.getFullYear();
  const found = calendarDate(year, month, day);
  if (found === null) return calendarDate(year + 1, month, day);
  return found.getTime() < new Date(year, today.getMonth(), today.getDate()).getTime() ? calendarDate(year + 1, month, day) : found;
}

/** A day of the calendar; `null` for the 31st of April. */
function calendarDate(year: number, month: number, day: number): Date | null {
  const date = new Date(year, month, day);
  return date.getMonth() === month && date.getDate() === day ? date : null;
}
