import type { ConversationView, Queue } from "../api/generated";
import { words } from "../words";
import { serviceWindow } from "./service-window";
import { shortDuration } from "./time";

/** The one chip of a row: why it deserves a look. */
export interface Chip {
  tone: "bad" | "warn" | "calm" | "you";
  text: string;
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
  if (row.holder === "waiting_human") return { tone: "you", text: w.asksForPerson };
  const window = serviceWindow(row.window_closes_at, now);
  const owed = row.queue === "needs_me";
  if (window.state === "last" && owed) return { tone: "bad", text: w.closesIn(shortDuration(window.left)) };
  if (window.state === "soon" && owed) return { tone: "warn", text: w.closesIn(shortDuration(window.left)) };
  if (window.state === "closed") return { tone: "calm", text: w.windowClosed };
  if (owed && row.unread === 0 && pile !== "needs_me") return { tone: "you", text: w.waitingForAnswer };
  return null;
}
