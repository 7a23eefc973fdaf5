import type { MessageView } from "../api/generated";
import type { IconName } from "../components/shared/Icon.svelte";
import { words } from "../words";
import { loose, textOf } from "./payload";
import { playLabel } from "./size";

/** What a line says that nobody wrote: what happened, what to do, and its sign. */
export interface NeutralWords {
  icon: IconName;
  what: string;
  next: string;
  alarm: boolean;
}

/** The words for notices, calls, welcomes, and for what cannot be shown. */
export function neutralWords(message: MessageView): NeutralWords {
  const w = words.thread;
  const advice = message.error?.words ?? "";
  switch (message.kind) {
    case "system":
      return { icon: "info", what: systemWords(message), next: "", alarm: false };
    case "welcome":
      return { icon: "person", what: w.welcome, next: "", alarm: false };
    case "call":
      return callWords(message);
    case "unsupported": {
      const inner = textOf(message.payload.type).trim();
      const what = inner === "" || inner === "errors" || inner === "unknown" ? w.unsupportedKind : w.unsupportedNamed(inner);
      return { icon: "question", what, next: advice === "" ? w.unsupportedAdvice : advice, alarm: false };
    }
    case "unknown":
      return { icon: "question", what: w.unknownKind(message.original_kind), next: advice === "" ? w.unknownAdvice : advice, alarm: false };
    default:
      if (message.original_kind === "system") return { icon: "info", what: systemWords(message), next: "", alarm: false };
      return { icon: "question", what: `${w.kinds[message.kind] ?? message.original_kind}. ${w.unreadable}`, next: advice, alarm: false };
  }
}

function systemWords(message: MessageView): string {
  const w = words.thread.system;
  const text = message.text ?? "";
  if (message.original_kind === "messaging_handovers") return handoverWords(message, text);
  const said = textOf(loose(message.payload.call_permission_reply).response).toLowerCase();
  if (said === "accept") return w.callsAllowed;
  if (said === "reject") return w.callsRefused;
  // Meta's own sentence is English and full of ids; for what is known, ours says what it means.
  switch (textOf(message.payload.type)) {
    case "user_changed_number":
    case "customer_changed_number":
      return w.number;
    case "user_changed_user_id":
      return w.id;
    case "customer_identity_changed":
      return w.identity;
    default:
      return text === "" ? w.notice : text;
  }
}

/** Roles whose work is done by people at a desk like this one. */
const PEOPLE = ["customer_service", "escalation"];

function handoverWords(message: MessageView, summary: string): string {
  const w = words.thread.system;
  const owner = textOf(message.payload.new_owner).trim();
  const what = PEOPLE.includes(owner) ? w.handedOver : owner === "" ? w.takenByOther : w.takenBy(owner);
  return summary === "" ? what : `${what} ${w.summary(summary)}`;
}

function callWords(message: MessageView): NeutralWords {
  const w = words.thread.call;
  const status = [textOf(message.payload.status), textOf(message.payload.event)].join(" ").toLowerCase();
  const seconds = Number(textOf(message.payload.duration));
  const out = message.direction === "outbound";
  const next = out ? "" : w.opens;
  if (Number.isFinite(seconds) && seconds > 0) {
    return { icon: "call", what: w.lasted(out ? w.went : w.came, playLabel(seconds * 1_000)), next, alarm: false };
  }
  if (status.includes("reject") || status.includes("decline")) return { icon: "call", what: w.rejected, next, alarm: false };
  // From the shop's side a customer's call that did not come about was missed, whatever the reason.
  if (status.includes("fail") && out) return { icon: "call", what: w.failed, next, alarm: true };
  if (status.includes("completed") || status.includes("accept")) return { icon: "call", what: out ? w.went : w.came, next, alarm: false };
  return { icon: "call", what: out ? w.missedOut : w.missed, next, alarm: !out };
}

const FILES: ReadonlySet<string> = new Set(["image", "video", "audio", "voice", "document", "sticker"]);

/** Whether only a neutral line says what this was: WhatsApp did not pass it on, or nobody knows its kind. */
export function hasNothingToShow(message: MessageView): boolean {
  return message.kind === "unsupported" || message.kind === "unknown" || (FILES.has(message.kind) && message.attachments.length === 0);
}
