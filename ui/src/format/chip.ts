import type { ConversationView, Queue } from "../api/generated";
import { standingOf, type Tone } from "../state/assistant";
import { snoozedUntil } from "../state/snooze.svelte";
import { words } from "../words";
import { comingLabel, comingShort } from "./coming";
import { serviceWindow } from "./service-window";
import { shortDuration } from "./time";

/** The one chip of a row: why it deserves a look. */
export interface Chip {
  tone: "warn" | Tone;
  text: string;
  /** What is left of it where the list is narrow. */
  tight?: string;
  /** The same as a sentence, where there is more to say. */
  what?: string;
}

/** Chooses the chip; the most severe reason wins, and most rows need none. */
export function chipOf(row: ConversationView, pile: Queue | "all", now: number): Chip | null {
  const w = words.chips;
  const ours = row.preview !== null && row.preview.author !== "customer";
  if (row.undelivered > 0) {
    return ours && row.preview?.status === "unknown"
      ? { tone: "warn", text: w.mayNotHaveArrived }
      : { tone: "bad", text: w.notDelivered };
  }
  // Somebody chose this moment: until then nothing else about it is urgent.
  const asleep = snoozedUntil(row, now);
  if (asleep !== null) {
    const what = `${words.snooze.bar(comingLabel(asleep, now))} ${words.snooze.barWhat}`;
    return { tone: "calm", text: words.snooze.chip(comingShort(asleep, now)), tight: comingShort(asleep, now), what };
  }
  const standing = standingOf(row, now);
  const state: Chip = { tone: standing.tone, text: standing.chip, what: standing.what };
  if (standing.is === "asks") return state;
  const window = serviceWindow(row.window_closes_at, now);
  const owed = row.queue === "needs_me";
  if (window.state === "last" && owed) return { tone: "bad", text: w.closesIn(shortDuration(window.left)) };
  if (window.state === "soon" && owed) return { tone: "warn", text: w.closesIn(shortDuration(window.left)) };
  if (standing.is === "draft" || standing.is === "thinks" || standing.is === "waits") return state;
  if (window.state === "closed") return { tone: "calm", text: w.windowClosed };
  if (standing.inRow && standing.is !== "ready") return state;
  if (owed && row.unread === 0 && pile !== "needs_me") return { tone: "you", text: w.waitingForAnswer };
  return standing.inRow ? state : null;
}
