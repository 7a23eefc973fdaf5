import type { MessageView } from "../api/generated";
import { at, dayKey } from "./time";

const TOGETHER = 5 * 60_000;
const LATE = 2 * 60_000;

/** A message as the thread shows it. Lines above it belong to it, so that older messages can be put before it without a jump. */
export interface ThreadItem {
  message: MessageView;
  /** Whether a day line stands above. */
  day: boolean;
  /** Whether the line of unread messages stands above. */
  unread: boolean;
  /** Whether it begins a group of one author. */
  first: boolean;
}

/** Lays out the messages, oldest first. */
export function threadItems(messages: readonly MessageView[], firstUnread: string | null): ThreadItem[] {
  let before: MessageView | undefined;
  return messages.map((message) => {
    const day = before === undefined || dayKey(before.sent_at) !== dayKey(message.sent_at);
    const unread = message.id === firstUnread;
    const apart =
      before === undefined ||
      before.author !== message.author ||
      before.kind === "system" ||
      Math.abs(at(message.sent_at) - at(before.sent_at)) > TOGETHER;
    before = message;
    return { message, day, unread, first: day || unread || apart };
  });
}

/** Whether a message of a customer came here so long after it was written that both times matter. */
export function cameLate(message: MessageView): boolean {
  return message.direction === "inbound" && at(message.received_at) - at(message.sent_at) > LATE;
}
