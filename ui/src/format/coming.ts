import { words } from "../words";
import { at, clockTime } from "./time";

const DAY = 86_400_000;
const weekdayFormat = new Intl.DateTimeFormat("en", { weekday: "long" });
const dayFormat = new Intl.DateTimeFormat("en", { weekday: "long", day: "numeric", month: "long" });

const shortWeekday = new Intl.DateTimeFormat("en", { weekday: "short" });
const shortDay = new Intl.DateTimeFormat("en", { day: "numeric", month: "short" });

/** A moment that lies ahead (or has just passed), with its day unless that is today: "tomorrow 08:25". */
export function comingLabel(time: string, now: number): string {
  const ms = at(time);
  if (Number.isNaN(ms)) return "";
  const midnight = (moment: number) => new Date(moment).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(ms) - midnight(now)) / DAY);
  const clock = clockTime(time);
  if (days === 0) return words.details.today(clock);
  if (days === 1) return words.details.tomorrow(clock);
  if (days === -1) return words.details.yesterday(clock);
  return `${(days > 1 && days < 7 ? weekdayFormat : dayFormat).format(ms)} ${clock}`;
}

/** The same as short as it can be said, for a chip: "17:30", "Mon 09:00", "24 Dec". */
export function comingShort(time: string, now: number): string {
  const ms = at(time);
  if (Number.isNaN(ms)) return "";
  const midnight = (moment: number) => new Date(moment).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(ms) - midnight(now)) / DAY);
  if (days === 0) return clockTime(time);
  return days > 0 && days < 7 ? `${shortWeekday.format(ms)} ${clockTime(time)}` : shortDay.format(ms);
}
