// Written by `cargo xtask codegen` from crates/api. Do not edit: a test compares it with the source.

export type ChannelKind = "whatsapp_cloud" | "twilio_whatsapp" | "telegram" | "turn_io";
export type BotMode = "off" | "shadow" | "bot";
export type Holder = "assistant" | "operator" | "waiting_human";
export type Queue = "needs_me" | "bot" | "waiting";
export type Direction = "inbound" | "outbound";
export type Author = "customer" | "operator" | "bot" | "phone" | "system";
export type MessageKind = "text" | "image" | "video" | "audio" | "voice" | "document" | "sticker" | "location" | "contacts" | "button_reply" | "list_reply" | "flow_reply" | "order" | "template" | "interactive" | "call" | "system" | "welcome" | "unsupported" | "unknown";
export type DeliveryStatus = "received" | "scheduled" | "queued" | "sending" | "accepted" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown";

export type HoldView = { 
/**
 * The provider's code, for support.
 */
code: number | null, 
/**
 * What happened and what to do, in plain words.
 */
words: string, 
/**
 * When one message is tried again.
 */
until: string, };

export type ChannelView = { 
/**
 * Its id.
 */
id: string, 
/**
 * The provider behind it.
 */
kind: ChannelKind, 
/**
 * What the owner calls it.
 */
name: string, 
/**
 * Its own number or address, as customers see it.
 */
address: string | null, 
/**
 * How much the assistant may do in it.
 */
mode: BotMode, 
/**
 * Why nothing leaves at the moment, when that is so.
 */
hold: HoldView | null, };

export type ChannelList = { 
/**
 * The channels, in the order they were added.
 */
channels: Array<ChannelView>, };

export type ContactView = { 
/**
 * The contact's id.
 */
id: string, 
/**
 * The name they go by; their number when they have none.
 */
name: string, 
/**
 * Up to two letters for the avatar.
 */
initials: string, 
/**
 * Their phone number with `+`, when it is known.
 */
phone: string | null, };

export type PreviewView = { 
/**
 * The text, or `null` when the message has none.
 */
text: string | null, 
/**
 * What it is.
 */
kind: MessageKind, 
/**
 * The type as the provider wrote it.
 */
original_kind: string, 
/**
 * Who wrote it.
 */
author: Author, 
/**
 * What became of it.
 */
status: DeliveryStatus, };

export type ConversationView = { 
/**
 * The conversation's id.
 */
id: string, 
/**
 * The channel it runs on.
 */
channel_id: string, 
/**
 * The person.
 */
contact: ContactView, 
/**
 * The pile it lies in.
 */
queue: Queue, 
/**
 * The last thing said.
 */
preview: PreviewView | null, 
/**
 * When that was.
 */
last_at: string | null, 
/**
 * Messages of the customer that nobody has looked at.
 */
unread: number, 
/**
 * When free text stops being allowed; `null` when the customer has never written.
 */
window_closes_at: string | null, 
/**
 * Messages we sent that failed or may not have arrived, and wait for a decision.
 */
undelivered: number, 
/**
 * Whose turn it is to speak.
 */
holder: Holder, 
/**
 * The mode set for this conversation alone.
 */
override: BotMode | null, 
/**
 * The mode that applies.
 */
effective_mode: BotMode, 
/**
 * Why a person is needed, when one is.
 */
attention: string | null, 
/**
 * Text left unsent in the composer.
 */
composer_text: string | null, };

export type QueueCounts = { 
/**
 * A person has to do something.
 */
needs_me: number, 
/**
 * The assistant is on it.
 */
bot: number, 
/**
 * The next word is the customer's.
 */
waiting: number, 
/**
 * All of them.
 */
all: number, };

export type ConversationPage = { 
/**
 * The rows.
 */
conversations: Array<ConversationView>, 
/**
 * Hand this back as `cursor` for the next page; `null` at the end.
 */
next_cursor: string | null, 
/**
 * The size of each pile, whatever the filter.
 */
counts: QueueCounts, };

export type MessageErrorView = { 
/**
 * The provider's code, for support.
 */
code: number | null, 
/**
 * The provider's short text, for support.
 */
title: string, 
/**
 * What happened and what to do, in plain words.
 */
words: string, 
/**
 * The provider's longer text, for those who look closer.
 */
detail: string | null, };

export type MessageView = { 
/**
 * The message's id.
 */
id: string, 
/**
 * Its conversation.
 */
conversation_id: string, 
/**
 * Which way it went.
 */
direction: Direction, 
/**
 * Who wrote it.
 */
author: Author, 
/**
 * What it is.
 */
kind: MessageKind, 
/**
 * The type as the provider wrote it.
 */
original_kind: string, 
/**
 * Body, caption or button title.
 */
text: string | null, 
/**
 * The provider's id, once it has one.
 */
provider_id: string | null, 
/**
 * The provider's id of the message this one answers.
 */
reply_to: string | null, 
/**
 * Written, by the provider's clock.
 */
sent_at: string, 
/**
 * Arrived here.
 */
received_at: string, 
/**
 * What became of it.
 */
status: DeliveryStatus, 
/**
 * Why it did not arrive.
 */
error: MessageErrorView | null, 
/**
 * When it is tried again, while it waits after a refusal.
 */
retry_at: string | null, 
/**
 * Whether the customer changed it later.
 */
edited: boolean, 
/**
 * Whether the customer took it back.
 */
revoked: boolean, };

export type ThreadPage = { 
/**
 * The conversation as it stands now.
 */
conversation: ConversationView, 
/**
 * The messages.
 */
messages: Array<MessageView>, 
/**
 * Hand this back as `before` for older ones; `null` at the beginning.
 */
before: string | null, };

export type MessageRef = { 
/**
 * Its id.
 */
message_id: string, };

export type SearchHit = { 
/**
 * The message.
 */
message_id: string, 
/**
 * Its conversation.
 */
conversation_id: string, 
/**
 * The name of the person.
 */
contact_name: string, 
/**
 * Some words around the hit.
 */
snippet: string, 
/**
 * When it was written.
 */
at: string, };

export type SearchResult = { 
/**
 * The places.
 */
hits: Array<SearchHit>, };

export type Level = "ok" | "warn" | "bad";

export type Finding = { 
/**
 * What it is about: `webhook`, `sending`, `vault`, `storage`, `signature`.
 */
topic: string, 
/**
 * How good or bad.
 */
level: Level, 
/**
 * What is so, what it means and what to do, in plain words.
 */
sentence: string, 
/**
 * The channel it is about.
 */
channel_id: string | null, };

export type HealthView = { 
/**
 * The worst of all findings.
 */
level: Level, 
/**
 * The findings.
 */
findings: Array<Finding>, 
/**
 * Where webhooks are received, when they are.
 */
webhook_url: string | null, 
/**
 * When the last genuine webhook came.
 */
last_event_at: string | null, 
/**
 * Messages that wait to leave.
 */
waiting_to_send: number, 
/**
 * Webhooks that are stored and not yet worked through.
 */
pending_webhooks: number, };

export type AppView = { 
/**
 * The version of Deskbell.
 */
version: string, 
/**
 * Whether this is the demo shop.
 */
demo: boolean, 
/**
 * Whether no channel has ever been connected: show the three doors.
 */
first_start: boolean, 
/**
 * Whether this window can open the demo shop (the desktop app can).
 */
can_open_demo: boolean, };

export type ChangeView = { "kind": "conversation", 
/**
 * Which.
 */
conversation_id: string, } | { "kind": "message", 
/**
 * Its conversation.
 */
conversation_id: string, 
/**
 * Which.
 */
message_id: string, } | { "kind": "channel", 
/**
 * Which.
 */
channel_id: string, } | { "kind": "health" } | { "kind": "resync" };

export type Done = Record<symbol, never>;

export type Nothing = Record<symbol, never>;

export type ListFilter = { 
/**
 * Only those in this pile.
 */
queue?: Queue, 
/**
 * Only those of this channel.
 */
channel_id?: string, 
/**
 * Only those whose person's name or number contains this.
 */
text?: string, };

export type ListConversations = { 
/**
 * Which ones; all of them when left out.
 */
filter?: ListFilter, 
/**
 * Where the page begins, from the page before.
 */
cursor?: string, 
/**
 * How many at most; 50 when left out, never more than 200.
 */
limit?: number, };

export type ThreadArgs = { 
/**
 * Which conversation.
 */
conversation_id: string, 
/**
 * Only messages before this place, from the page after.
 */
before?: string, 
/**
 * How many at most; 50 when left out, never more than 200.
 */
limit?: number, };

export type SendText = { 
/**
 * To whom.
 */
conversation_id: string, 
/**
 * The words, 1 to 4,096 characters.
 */
text: string, 
/**
 * The provider's id of the message this one answers.
 */
reply_to?: string, };

export type MessageArgs = { 
/**
 * Which.
 */
message_id: string, };

export type ConversationArgs = { 
/**
 * Which.
 */
conversation_id: string, };

export type ChannelArgs = { 
/**
 * Which.
 */
channel_id: string, };

export type KeepComposer = { 
/**
 * Where it was typed.
 */
conversation_id: string, 
/**
 * What stands in the composer; empty to forget it.
 */
text: string, };

export type SetMode = { 
/**
 * `global`, `channel` or `conversation`.
 */
scope: "global" | "channel" | "conversation", 
/**
 * The channel or conversation; not for `global`.
 */
id?: string, 
/**
 * The mode; `null` takes a conversation's own mode away.
 */
mode: BotMode | null, };

export type Search = { 
/**
 * What to look for.
 */
query: string, 
/**
 * How many at most; 50 when left out, never more than 200.
 */
limit?: number, };

export type ErrorCode = "unknown_command" | "bad_request" | "not_found" | "window_closed" | "not_now" | "storage" | "unauthorized" | "internal";

export type ApiError = { 
/**
 * Why.
 */
code: ErrorCode, 
/**
 * What happened and what to do, in plain words.
 */
message: string, 
/**
 * Whether the same call may work later.
 */
retryable: boolean, 
/**
 * The argument that does not fit.
 */
field?: string, };

/** Every command: what it takes and what it answers. */
export interface Commands {
  /** Says what this is: version, demo or not, first start or not. */
  app: { args: Nothing; answer: AppView };
  /** Lists the connected accounts. */
  list_channels: { args: Nothing; answer: ChannelList };
  /** Lists conversations, the one with the newest message first. */
  list_conversations: { args: ListConversations; answer: ConversationPage };
  /** Reads one conversation backwards from its end. */
  thread: { args: ThreadArgs; answer: ThreadPage };
  /** Queues a text for a customer; the message exists when this returns. */
  send_text: { args: SendText; answer: MessageRef };
  /** Tries a failed or unknown message again, as a new attempt. */
  retry: { args: MessageArgs; answer: MessageRef };
  /** Gives up a message that has not left, or whose fate is unknown. */
  discard: { args: MessageArgs; answer: Done };
  /** Makes a person the holder of a conversation. */
  take_over: { args: ConversationArgs; answer: ConversationView };
  /** Gives a conversation back to the assistant. */
  hand_back: { args: ConversationArgs; answer: ConversationView };
  /** Sets how much the assistant may do. */
  set_mode: { args: SetMode; answer: Done };
  /** Marks a conversation as looked at. Nothing is told to the customer. */
  mark_read: { args: ConversationArgs; answer: Done };
  /** Keeps what stands unsent in a composer. */
  keep_composer: { args: KeepComposer; answer: Done };
  /** Finds messages by their words, newest first. */
  search: { args: Search; answer: SearchResult };
  /** Says how things stand. */
  health: { args: Nothing; answer: HealthView };
  /** Tries at once to send again on a channel that waits. */
  resume_channel: { args: ChannelArgs; answer: Done };
  /** Opens the demo shop in this window, or comes back from it. */
  open_demo: { args: Nothing; answer: AppView };
  /** Leaves the demo shop. */
  leave_demo: { args: Nothing; answer: AppView };
}
