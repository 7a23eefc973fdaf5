import type { DeliveryStatus } from "../api/generated";
import { words } from "../words";

/** The mark beside the time of a message we sent. */
export interface Tick {
  icon: "clock" | "tick" | "ticks" | "cross" | "question";
  tone: "quiet" | "accent" | "bad" | "unsure";
  /** What the mark means, for those who cannot see it and for the tool tip. */
  words: string;
}

type Mark = Pick<Tick, "icon" | "tone">;

const waiting: Mark = { icon: "clock", tone: "quiet" };
const gone: Mark = { icon: "tick", tone: "quiet" };
const seen: Mark = { icon: "ticks", tone: "accent" };

const marks: Record<DeliveryStatus, Mark | null> = {
  received: null,
  scheduled: waiting,
  queued: waiting,
  sending: waiting,
  accepted: gone,
  sent: gone,
  delivered: { icon: "ticks", tone: "quiet" },
  read: seen,
  played: seen,
  failed: { icon: "cross", tone: "bad" },
  unknown: { icon: "question", tone: "unsure" },
};

/** The mark of a state; none for a message we received, or for a state of a newer engine. */
export function tickOf(status: DeliveryStatus): Tick | null {
  const mark = marks[status] ?? null;
  return mark === null ? null : { ...mark, words: words.ticks[status] };
}
