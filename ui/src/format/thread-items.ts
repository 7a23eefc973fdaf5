import type { MarkView, MessageView } from "../api/generated";
import { placeOf } from "./marks";
import { at, dayKey } from "./time";

const TOGETHER = 5 * 60_000;
const LATE = 2 * 60_000;
/** Pictures that come within so long of each other are shown as one album. */
const ALBUM = 60_000;
/** So many pictures make one album at most; a hundred would be one bubble that never ends. */
const LARGEST_ALBUM = 30;

/** A message as the thread shows it. Lines above it belong to it, so that older messages can be put before it without a jump. */
export interface ThreadItem {
  /** The message, or the first one of an album. */
  message: MessageView;
  /** The messages of an album, two or more; empty when it is none. */
  album: MessageView[];
  /** Whether a day line stands above. */
  day: boolean;
  /** Whether the line of unread messages stands above. */
  unread: boolean;
  /** Whether it begins a group of one author. */
  first: boolean;
  /** What happened before it, above its day line when that was on an earlier day. */
  earlier: MarkView[];
  /** What happened before it on its own day. */
  before: MarkView[];
  /** What happened after it, when it is the last one. */
  after: MarkView[];
}

/** Lays out the messages, oldest first. */
export function threadItems(messages: readonly MessageView[], firstUnread: string | null, marks: readonly MarkView[] = []): ThreadItem[] {
  const items: ThreadItem[] = [];
  let next = 0;
  let before: MessageView | undefined;
  for (const message of messages) {
    const day = before === undefined || dayKey(before.sent_at) !== dayKey(message.sent_at);
    const unread = message.id === firstUnread;
    const last = items.at(-1);
    const from = next;
    while (next < marks.length && at(marks[next]?.at ?? "") <= placeOf(message)) next += 1;
    const here = marks.slice(from, next);
    if (last !== undefined && before !== undefined && !day && !unread && here.length === 0 && continues(last, before, message)) {
      last.album = last.album.length === 0 ? [last.message, message] : [...last.album, message];
    } else {
      const apart =
        before === undefined ||
        before.author !== message.author ||
        before.sender !== message.sender ||
        isLine(before) ||
        Math.abs(at(message.sent_at) - at(before.sent_at)) > TOGETHER;
      const own = (mark: MarkView) => dayKey(mark.at) === dayKey(message.sent_at);
      const first = day || unread || apart || here.length > 0;
      items.push({ message, album: [], day, unread, first, earlier: here.filter((mark) => !own(mark)), before: here.filter(own), after: [] });
    }
    before = message;
  }
  const last = items.at(-1);
  if (last !== undefined) last.after = marks.slice(next);
  return items;
}

/** Whether a message stands as a line in the middle and not as a bubble of somebody. */
export function isLine(message: MessageView): boolean {
  return message.kind === "system" || message.kind === "welcome" || message.kind === "call" || message.original_kind === "system";
}

/** All messages an item stands for. */
export function membersOf(item: ThreadItem): MessageView[] {
  return item.album.length > 0 ? item.album : [item.message];
}

function continues(item: ThreadItem, before: MessageView, message: MessageView): boolean {
  return (
    membersOf(item).length < LARGEST_ALBUM &&
    isAlbumPicture(before) &&
    isAlbumPicture(message) &&
    before.author === message.author &&
    before.sender === message.sender &&
    Math.abs(at(message.sent_at) - at(before.sent_at)) <= ALBUM
  );
}

/** Whether a message is nothing but pictures and needs no word of its own. */
function isAlbumPicture(message: MessageView): boolean {
  return (
    (message.kind === "image" || message.kind === "video") &&
    !message.revoked &&
    (message.text ?? "") === "" &&
    message.reply_to === null &&
    message.referral === null &&
    message.forwarded === "no" &&
    message.error === null &&
    message.retry_at === null &&
    message.status !== "failed" &&
    message.status !== "unknown" &&
    message.attachments.length > 0 &&
    message.attachments.every((file) => (file.family === "image" || file.family === "video") && !file.dangerous && file.state !== "failed" && file.state !== "expired")
  );
}

/** Whether a message of a customer came here so long after it was written that both times matter. */
export function cameLate(message: MessageView): boolean {
  return message.direction === "inbound" && message.source !== "history" && at(message.received_at) - at(message.sent_at) > LATE;
}
