import type { MarkView, MessageView } from "../api/generated";
import type { IconName } from "../components/shared/Icon.svelte";
import { words } from "../words";
import { at } from "./time";

/** Says a mark in one line; `null` for a kind this version does not know. */
export function markWords(mark: MarkView): { icon: IconName; what: string } | null {
  const w = words.marks;
  switch (mark.kind) {
    case "taken_over":
      return { icon: mark.how === "phone" ? "phone" : "person", what: (mark.how === null ? null : w.takenOver[mark.how]) ?? w.someone };
    case "handed_back":
      return { icon: "bot", what: w.handedBack };
    case "returned":
      return { icon: "bot", what: w.returned };
    case "mode":
      return { icon: "sliders", what: (mark.mode === null ? null : w.modes[mark.mode]) ?? w.inherits };
    case "escalated": {
      const reason = mark.reason === null ? undefined : words.bot.escalation[mark.reason]?.what;
      return { icon: "person", what: reason === undefined ? w.escalated : w.because(w.escalated, lowered(reason)) };
    }
    default:
      return null;
  }
}

/** One list of marks, the oldest first, each once. */
export function joinedMarks(some: readonly MarkView[], more: readonly MarkView[]): MarkView[] {
  const all = new Map([...some, ...more].map((mark) => [mark.id, mark]));
  return [...all.values()].sort((a, b) => at(a.at) - at(b.at) || a.id.length - b.id.length || a.id.localeCompare(b.id));
}

/** Where a message stands among marks: by its arrival, within the whole second the provider stamped it with. */
export function placeOf(message: MessageView): number {
  const sent = at(message.sent_at);
  return Math.min(Math.max(at(message.received_at), sent), sent + 999);
}

/** A sentence as the second half of a line. */
function lowered(sentence: string): string {
  return (sentence.charAt(0).toLowerCase() + sentence.slice(1)).replace(/\.$/u, "");
}
