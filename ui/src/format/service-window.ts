import { words } from "../words";
import { at, durationLabel } from "./time";

const HOUR = 3_600_000;
const FULL = 24 * HOUR;

/** How much of the 24 hours is left in which free text may be sent. */
export interface ServiceWindow {
  state: "never" | "closed" | "open" | "soon" | "last";
  /** Milliseconds left; 0 when closed. */
  left: number;
  /** The part of 24 hours that is left, 0 to 1: the ring. */
  part: number;
}

/** Reads the service window: amber below four hours, red in the last one. */
export function serviceWindow(closesAt: string | null, now: number): ServiceWindow {
  if (closesAt === null) return { state: "never", left: 0, part: 0 };
  const left = at(closesAt) - now;
  if (!(left > 0)) return { state: "closed", left: 0, part: 0 };
  const state = left < HOUR ? "last" : left < 4 * HOUR ? "soon" : "open";
  return { state, left, part: Math.min(1, left / FULL) };
}

/** Whether free text may be sent. */
export function mayWrite(window: ServiceWindow): boolean {
  return window.state !== "closed" && window.state !== "never";
}

/** The window in words: "17 h 52 min left to reply freely". */
export function windowLabel(window: ServiceWindow): string {
  if (window.state === "never") return words.window.never;
  return window.state === "closed" ? words.window.closed : words.window.open(durationLabel(window.left));
}
