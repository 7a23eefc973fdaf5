import type { DeliveryStatus } from "../api/generated";
import { words } from "../words";

/** The mark beside the time of a message we sent. */
export interface Tick {
  icon: "clock" | "tick" | "ticks" | "cross" | "question";
  tone: "quiet" | "accent" | "bad" | "unsure";
  /** What the mark means, for those who cannot see it and for the tool tip. */
  words: string;
}

/** The mark of a state; none for a message we received. */
export function tickOf(status: DeliveryStatus): Tick | null {
  const says = words.ticks[status];
  switch (status) {
    case "received":
      return null;
    case "scheduled":
    case "queued":
    case "sending":
      return { icon: "clock", tone: "quiet", words: says };
    case "accepted":
    case "sent":
      return { icon: "tick", tone: "quiet", words: says };
    case "delivered":
      return { icon: "ticks", tone: "quiet", words: says };
    case "read":
    case "played":
      return { icon: "ticks", tone: "accent", words: says };
    case "failed":
      return { icon: "cross", tone: "bad", words: says };
    case "unknown":
      return { icon: "question", tone: "unsure", words: says };
  }
}
