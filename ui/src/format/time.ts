import { words } from "../words";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const twelveHours = new Intl.DateTimeFormat(undefined, { hour: "numeric" }).resolvedOptions().hour12 === true;
const clockFormat = new Intl.DateTimeFormat(undefined, { hour: twelveHours ? "numeric" : "2-digit", minute: "2-digit" });
const weekdayFormat = new Intl.DateTimeFormat("en", { weekday: "long" });
const shortWeekday = new Intl.DateTimeFormat("en", { weekday: "short" });
const dayFormat = new Intl.DateTimeFormat("en", { day: "numeric", month: "long" });
const dayYearFormat = new Intl.DateTimeFormat("en", { day: "numeric", month: "long", year: "numeric" });
const shortDay = new Intl.DateTimeFormat(undefined, { day: "2-digit", month: "2-digit", year: "2-digit" });

/** Milliseconds of an RFC 3339 time; NaN when it is none. */
export function at(time: string): number {
  return Date.parse(time);
}

/** The time of day, as the person's own settings write it. */
export function clockTime(time: string): string {
  const ms = at(time);
  return Number.isNaN(ms) ? "" : clockFormat.format(ms);
}

/** Whole days between two moments by the calendar, not by 24 hours. */
function calendarDays(from: number, to: number): number {
  const midnight = (ms: number) => new Date(ms).setHours(0, 0, 0, 0);
  return Math.round((midnight(to) - midnight(from)) / DAY);
}

/** A text that is equal for two moments of the same local day. */
export function dayKey(time: string): string {
  return new Date(at(time)).toDateString();
}

/** The words of a day line. */
export function dayLabel(time: string, now: number): string {
  const ms = at(time);
  if (Number.isNaN(ms)) return "";
  const days = calendarDays(ms, now);
  if (days === 0) return words.day.today;
  if (days === 1) return words.day.yesterday;
  if (days > 1 && days < 7) return weekdayFormat.format(ms);
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return (sameYear ? dayFormat : dayYearFormat).format(ms);
}

/** When a conversation last moved, as short as it can be said. */
export function rowTime(time: string, now: number): string {
  const ms = at(time);
  if (Number.isNaN(ms)) return "";
  const days = calendarDays(ms, now);
  if (days <= 0) return clockFormat.format(ms);
  if (days === 1) return words.day.yesterday;
  return days < 7 ? shortWeekday.format(ms) : shortDay.format(ms);
}

/** A time that names its day unless that is today. */
export function momentLabel(time: string, now: number): string {
  const day = dayLabel(time, now);
  return day === words.day.today ? clockTime(time) : `${day} ${clockTime(time)}`;
}

/** A length of time to plan with: "17 h 52 min", "38 min". */
export function durationLabel(ms: number): string {
  const w = words.duration;
  if (ms < MINUTE) return w.lessThanMinute;
  const hours = Math.floor(ms / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  if (hours === 0) return w.minutes(minutes);
  return minutes === 0 ? w.hours(hours) : `${w.hours(hours)} ${w.minutes(minutes)}`;
}

/** The same in one unit, for a chip: "3 h", "38 min". */
export function shortDuration(ms: number): string {
  return ms >= HOUR ? words.duration.hours(Math.floor(ms / HOUR)) : durationLabel(ms);
}

/** How long ago something was. */
export function agoLabel(time: string, now: number): string {
  const ms = Math.max(0, now - at(time));
  const w = words.duration;
  if (Number.isNaN(ms) || ms < 2 * SECOND) return w.justNow;
  if (ms < MINUTE) return w.secondsAgo(Math.floor(ms / SECOND));
  if (ms < HOUR) return w.minutesAgo(Math.floor(ms / MINUTE));
  return ms < DAY ? w.hoursAgo(Math.floor(ms / HOUR)) : w.daysAgo(Math.floor(ms / DAY));
}
