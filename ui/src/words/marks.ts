/** The grey lines between the messages of a thread: who speaks from here on, and why. */

import type { BotMode, HeldBy } from "../api/generated";

/** What made a person the holder. */
const takenOver: Record<HeldBy, string> = {
  typed: "You wrote here, so the assistant keeps quiet",
  take_over: "You took over",
  phone: "Answered on the phone, so the assistant keeps quiet",
  escalation: "A person took over",
  hand_back: "A person took over",
  returned: "A person took over",
};

const modes: Record<BotMode, string> = {
  bot: "Bot from here on: the assistant answers what it is sure of",
  shadow: "Draft only from here on",
  off: "The assistant is off from here on",
};

export const marks = {
  takenOver,
  modes,
  someone: "A person took over",
  handedBack: "Handed back to the assistant",
  returned: "Back with the assistant by itself: no person had written for a while",
  inherits: "The assistant follows the setting of its channel from here on",
  escalated: "The assistant asked for you",
  because: (what: string, reason: string) => `${what}: ${reason}`,
};
