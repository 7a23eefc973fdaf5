// Written by `cargo xtask codegen` from crates/api. Do not edit: a test compares it with the source.

export type ChannelKind = "whatsapp_cloud" | "twilio_whatsapp" | "telegram" | "turn_io";
export type BotMode = "off" | "shadow" | "bot";
export type Holder = "assistant" | "operator" | "waiting_human";
export type Queue = "needs_me" | "bot" | "waiting";
export type Direction = "inbound" | "outbound";
export type Author = "customer" | "operator" | "bot" | "phone" | "system";
export type MessageKind = "text" | "image" | "video" | "audio" | "voice" | "document" | "sticker" | "location" | "contacts" | "button_reply" | "list_reply" | "flow_reply" | "order" | "template" | "interactive" | "call" | "system" | "welcome" | "unsupported" | "unknown";
export type DeliveryStatus = "received" | "scheduled" | "queued" | "sending" | "accepted" | "sent" | "delivered" | "read" | "played" | "failed" | "unknown";
export type Source = "live" | "echo" | "history" | "standby";
export type Silence = "notice" | "outbound" | "history" | "standby" | "group" | "unsupported" | "sticker";
export type Forwarded = "no" | "once" | "often";
export type AttachmentState = "pending" | "stored" | "failed" | "expired";
export type UploadState = "waiting" | "uploading" | "uploaded" | "refused";
export type ReactionBy = "customer" | "operator";
export type IdentityKind = "wa_id" | "phone" | "bsuid" | "parent_bsuid" | "group_id" | "telegram_id";
export type ReadMarks = "never" | "opens" | "answers";
export type TunnelKind = "none" | "ngrok" | "url" | "cloudflared" | "tailscale";
export type StepState = "waiting" | "running" | "ok" | "failed";
export type RegistrationStep = "server" | "tunnel" | "own_call" | "subscribe" | "override" | "verification" | "read_back";
export type SetupPage = "intro" | "credentials" | "number" | "tunnel" | "connect" | "hello" | "mode";
export type HealthTopic = "webhook" | "tunnel" | "callback" | "sending" | "token" | "number" | "account" | "payment" | "signature" | "vault" | "storage" | "clock" | "version" | "model" | "program";
export type ActionKind = "retry_tunnel" | "tunnel_settings" | "register_webhook" | "take_news" | "replace_keys" | "register_number" | "resume_channel" | "check_channel" | "unlock_vault" | "connect_number" | "open_page" | "open_conversation" | "look_again";
/** A part of a template in the provider's form (whatsapp-cloud-api, section 7.6). */
export interface TemplateComponent { type: string; format?: string; text?: string; buttons?: { type: string; text?: string; url?: string; phone_number?: string }[]; cards?: { components: TemplateComponent[] }[]; [key: string]: unknown }

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
 * The name they go by; their user name or number when they have none.
 */
name: string, 
/**
 * Up to two letters for the avatar.
 */
initials: string, 
/**
 * Their phone number with `+`, when it is known.
 */
phone: string | null, 
/**
 * Their user name with `@`, when they have one.
 */
username: string | null, 
/**
 * Whether this is a group of people.
 */
group: boolean, 
/**
 * Whether we blocked them.
 */
blocked: boolean, 
/**
 * Whether they said stop to promotions.
 */
marketing_stopped: boolean, };

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
 * Whether it was taken back.
 */
revoked: boolean, 
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
composer_text: string | null, 
/**
 * The advertisement or post that led the customer here last.
 */
referral: Record<string, unknown> | null, 
/**
 * Until when messages are free, after an advertisement brought the customer.
 */
free_until: string | null, 
/**
 * Which other program answers here at the moment, in the provider's word; `null` when we do.
 */
thread_owner: string | null, };

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

export type AttachmentView = { 
/**
 * Its id; hand it to the host to read the file.
 */
id: string, 
/**
 * A name that is safe to show and to save under.
 */
file_name: string, 
/**
 * What it is, by its content once it is here, by the sender's word before.
 */
mime_type: string, 
/**
 * Decides icon and player.
 */
family: "image" | "video" | "audio" | "document" | "sheet" | "slides" | "archive" | "program" | "unknown", 
/**
 * Its size in bytes, once known.
 */
size: number | null, 
/**
 * Whether it is on this computer.
 */
state: AttachmentState, 
/**
 * Why it is not and what to do, when it failed or expired.
 */
words: string | null, 
/**
 * When fetching is tried again.
 */
retry_at: string | null, 
/**
 * Width in pixels.
 */
width: number | null, 
/**
 * Height in pixels.
 */
height: number | null, 
/**
 * How long it plays, in milliseconds.
 */
duration_ms: number | null, 
/**
 * Whether it moves (stickers, GIF).
 */
animated: boolean, 
/**
 * 48 loudnesses of 0 to 100, for voice notes.
 */
waveform: Array<number> | null, 
/**
 * Whether a small picture of it can be asked for.
 */
has_thumbnail: boolean, 
/**
 * Whether it could do harm when opened: it can be saved, never opened.
 */
dangerous: boolean, 
/**
 * Where our own file is on its way; `null` for files of customers.
 */
upload: UploadProgress | null, };

export type UploadProgress = { 
/**
 * Where it stands.
 */
state: UploadState, 
/**
 * Bytes sent so far.
 */
sent: number, 
/**
 * Bytes in all.
 */
total: number, };

export type ReactionView = { 
/**
 * The emoji.
 */
emoji: string, 
/**
 * Who reacted.
 */
by: ReactionBy, 
/**
 * Whether it still waits to leave (ours only).
 */
pending: boolean, 
/**
 * Why it did not leave and what to do.
 */
words: string | null, };

export type QuoteView = { 
/**
 * The message; `null` when it is not known here.
 */
message_id: string | null, 
/**
 * Who wrote it.
 */
author: Author | null, 
/**
 * What it is.
 */
kind: MessageKind | null, 
/**
 * Its words; `null` when it has none or was taken back.
 */
text: string | null, 
/**
 * Whether it was taken back.
 */
revoked: boolean, 
/**
 * Its first file, when that has a small picture.
 */
attachment_id: string | null, };

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
 * Which way it came here.
 */
source: Source, 
/**
 * What the writer is called, in a group.
 */
sender: string | null, 
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
 * Typed content that text cannot carry, in the provider's form; an empty object when there is none.
 */
payload: Record<string, unknown>, 
/**
 * The advertisement or post that led the customer here.
 */
referral: Record<string, unknown> | null, 
/**
 * Its files.
 */
attachments: Array<AttachmentView>, 
/**
 * Its reactions.
 */
reactions: Array<ReactionView>, 
/**
 * The provider's id, once it has one.
 */
provider_id: string | null, 
/**
 * The provider's id of the message this one answers.
 */
reply_to: string | null, 
/**
 * That message, when this one answers one.
 */
quote: QuoteView | null, 
/**
 * How often it was passed on.
 */
forwarded: Forwarded, 
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
 * Why it did not arrive; for messages of customers, what the provider did not pass on and what to do.
 */
error: MessageErrorView | null, 
/**
 * When it is tried again, while it waits after a refusal.
 */
retry_at: string | null, 
/**
 * Whether it was changed later.
 */
edited: boolean, 
/**
 * Whether it was taken back; then `text`, `payload`, files and quote are empty.
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

export type VersionView = { 
/**
 * Its words then.
 */
text: string | null, 
/**
 * Until when it read like that.
 */
until: string, };

export type MessageDetails = { 
/**
 * Which.
 */
message_id: string, 
/**
 * Left the provider.
 */
sent_at: string | null, 
/**
 * On a device.
 */
delivered_at: string | null, 
/**
 * Opened.
 */
read_at: string | null, 
/**
 * Played.
 */
played_at: string | null, 
/**
 * Failed.
 */
failed_at: string | null, 
/**
 * Earlier forms, the first one first; empty when it was taken back.
 */
versions: Array<VersionView>, 
/**
 * Why the assistant does not consider it, when that is so.
 */
silence: Silence | null, 
/**
 * What the provider charges it as, such as `service`.
 */
charge_category: string | null, 
/**
 * As it came from the provider, when it was kept; `null` when it was taken back.
 */
raw: unknown, };

export type UploadView = { 
/**
 * Its id, for `send_media` and template headers.
 */
upload_id: string, 
/**
 * The name it will be sent under.
 */
file_name: string, 
/**
 * What it is, by its content.
 */
mime_type: string, 
/**
 * Decides icon and preview; see `AttachmentView`.
 */
family: AttachmentView["family"], 
/**
 * Its size in bytes.
 */
size: number, 
/**
 * What it would be sent as.
 */
kind: MessageKind, 
/**
 * Why it cannot be sent as it is and what to do; `null` when it can.
 */
problem: string | null, };

export type IdentityView = { 
/**
 * What kind of name.
 */
kind: IdentityKind, 
/**
 * The name, numbers with `+`.
 */
value: string, 
/**
 * When it was first seen.
 */
learnt_at: string, };

export type MergeView = { 
/**
 * Its id, for `undo_merge`.
 */
merge_id: string, 
/**
 * What the other one was called.
 */
name: string, 
/**
 * What showed that they are one, in plain words.
 */
reason: string, 
/**
 * When.
 */
at: string, };

export type ContactDetails = { 
/**
 * The person.
 */
contact: ContactView, 
/**
 * Their names at the provider.
 */
identities: Array<IdentityView>, 
/**
 * When we first met.
 */
first_seen_at: string, 
/**
 * When they said stop to promotions.
 */
marketing_stopped_at: string | null, 
/**
 * When we blocked them.
 */
blocked_at: string | null, 
/**
 * Contacts that were found to be this person, the latest first; undone ones are left out.
 */
merges: Array<MergeView>, 
/**
 * Messages with this person.
 */
messages: number, };

export type TemplateVariableView = { 
/**
 * Its key in `variables`, such as `1`, `customer`, `header`, `button.0`.
 */
key: string, 
/**
 * Where it stands.
 */
place: "header" | "body" | "button" | "offer" | "card", 
/**
 * What is wanted: text, or the `upload_id` of a file.
 */
kind: "text" | "image" | "video" | "document" | "location" | "coupon_code" | "url_suffix" | "flow_token" | "payload", 
/**
 * What to call it in a form.
 */
label: string, 
/**
 * The example that was given when it was approved.
 */
example: string | null, 
/**
 * Whether the template can go without it.
 */
optional: boolean, };

export type TemplateView = { 
/**
 * Its name.
 */
name: string, 
/**
 * Its language code.
 */
language: string, 
/**
 * `MARKETING`, `UTILITY`, `AUTHENTICATION`.
 */
category: string, 
/**
 * The category it will have soon.
 */
coming_category: string | null, 
/**
 * `APPROVED`, `PENDING`, `REJECTED`, `PAUSED` ...; an open list.
 */
status: string, 
/**
 * Whether it can be sent now.
 */
usable: boolean, 
/**
 * Why it cannot, and what to do.
 */
words: string | null, 
/**
 * `GREEN`, `YELLOW`, `RED`, `UNKNOWN`.
 */
quality: string | null, 
/**
 * Its parts as the provider wrote them (`HEADER`, `BODY`, `FOOTER`, `BUTTONS` ...), for the preview.
 */
components: TemplateComponent[], 
/**
 * What has to be filled in.
 */
variables: Array<TemplateVariableView>, };

export type TemplateList = { 
/**
 * The templates, by name and language.
 */
templates: Array<TemplateView>, 
/**
 * When they were last fetched; `null` when never.
 */
synced_at: string | null, 
/**
 * Why they could not be fetched, and what to do.
 */
trouble: string | null, };

export type NoticeView = { 
/**
 * Its id.
 */
id: string, 
/**
 * The channel.
 */
channel_id: string, 
/**
 * The provider's name for it.
 */
field: string, 
/**
 * How serious it is.
 */
level: Level, 
/**
 * What happened, what it means and what to do, in plain words.
 */
sentence: string, 
/**
 * When.
 */
at: string, 
/**
 * Whether somebody has seen it.
 */
seen: boolean, 
/**
 * As it came from the provider.
 */
raw: unknown, };

export type NoticeList = { 
/**
 * The notices.
 */
notices: Array<NoticeView>, 
/**
 * How many nobody has seen.
 */
unseen: number, };

export type ProfileView = { 
/**
 * One line about it, 139 characters at most.
 */
about: string, 
/**
 * Where it is, 256 at most.
 */
address: string, 
/**
 * What it does, 256 at most.
 */
description: string, 
/**
 * Where to write to, 128 at most.
 */
email: string, 
/**
 * Two at most.
 */
websites: Array<string>, 
/**
 * Its trade, in the provider's word.
 */
vertical: string, 
/**
 * Where its picture is; shown as a link only.
 */
picture_url: string | null, 
/**
 * The name customers see.
 */
verified_name: string | null, };

export type CostLine = { 
/**
 * `service`, `utility`, `marketing`, `authentication` ...; an open list.
 */
category: string, 
/**
 * Messages in all.
 */
messages: number, 
/**
 * Those the provider charges for, as far as it said so.
 */
charged: number, 
/**
 * What they may have cost, as a decimal number in the currency; `null` when no rate is known.
 */
estimate: string | null, };

export type RateView = { 
/**
 * The category.
 */
category: string, 
/**
 * A decimal number in the currency.
 */
price: string, };

export type CostsView = { 
/**
 * The month, such as `2026-11`.
 */
month: string, 
/**
 * By category.
 */
lines: Array<CostLine>, 
/**
 * Free-form answers this month.
 */
service_messages: number, 
/**
 * How many of them are free a month and number.
 */
free_service_messages: number, 
/**
 * The sum, as a decimal number.
 */
estimate: string, 
/**
 * The currency of the rates, such as `EUR`.
 */
currency: string, 
/**
 * The rates.
 */
rates: Array<RateView>, 
/**
 * The day the rates were entered or looked up.
 */
rates_as_of: string, };

export type SettingsView = { 
/**
 * When customers see that their message was read.
 */
read_marks: ReadMarks, 
/**
 * Whether customers see that somebody is typing.
 */
typing: boolean, };

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
 * What it is about.
 */
topic: HealthTopic, 
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
channel_id: string | null, 
/**
 * What can be done about it.
 */
action: ActionView | null, };

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
pending_webhooks: number, 
/**
 * When Meta and the tunnel were last looked at.
 */
checked_at: string | null, };

export type ActionView = { 
/**
 * What it does.
 */
kind: ActionKind, 
/**
 * The channel it is about.
 */
channel_id: string | null, 
/**
 * The page it opens, for `open_page`.
 */
url: string | null, 
/**
 * The conversation it opens, for `open_conversation`.
 */
conversation_id: string | null, };

export type SecretView = { 
/**
 * Which: `access_token`, `app_secret`, `verify_token`, `authtoken`, `tunnel_token`.
 */
field: string, 
/**
 * Whether there is one.
 */
set: boolean, 
/**
 * Its last four characters, when it is long enough to show them.
 */
last4: string | null, };

export type StepView = { 
/**
 * Which.
 */
step: RegistrationStep, 
/**
 * How far it is.
 */
state: StepState, 
/**
 * What is so, or why it failed and what to do; `null` while there is nothing to tell.
 */
words: string | null, 
/**
 * What can be done about it with one button.
 */
action: ActionView | null, };

export type TunnelProgramView = { 
/**
 * Which tunnel it makes.
 */
kind: TunnelKind, 
/**
 * Whether it was found.
 */
found: boolean, 
/**
 * Its version.
 */
version: string | null, 
/**
 * Whether it can be used as it is, and if not, what to do.
 */
words: string, };

export type TunnelView = { 
/**
 * Which way.
 */
kind: TunnelKind, 
/**
 * How it stands.
 */
phase: "off" | "connecting" | "online" | "waiting" | "stopped", 
/**
 * How it stands, in a sentence.
 */
words: string, 
/**
 * The public address, when it is online.
 */
url: string | null, 
/**
 * The domain that is kept for us.
 */
domain: string | null, 
/**
 * Since when it stands so.
 */
since: string | null, 
/**
 * When it is tried again.
 */
next_try: string | null, 
/**
 * What can be done about it.
 */
action: ActionView | null, 
/**
 * The secrets it uses.
 */
secrets: Array<SecretView>, 
/**
 * The address of the owner's own, for `url`; the public host name, for `cloudflared`.
 */
own_url: string | null, 
/**
 * Where the owner's own proxy has to forward to, for `url`.
 */
listens_at: string | null, 
/**
 * HTTP requests that came through it this month.
 */
requests: number, 
/**
 * How many the free plan has; `null` when there is no limit we know of.
 */
requests_given: number | null, 
/**
 * What to know about that.
 */
usage_words: string | null, 
/**
 * Programs that could be the tunnel.
 */
programs: Array<TunnelProgramView>, };

export type TokenView = { 
/**
 * Whether Meta takes it; `null` when it was never asked.
 */
valid: boolean | null, 
/**
 * When it ends; `null` when never, or when that is not known.
 */
expires_at: string | null, 
/**
 * What is so about it, and what to do.
 */
words: string, 
/**
 * How good or bad that is.
 */
level: Level, };

export type ConnectionView = { 
/**
 * Which channel.
 */
channel_id: string, 
/**
 * The steps of the registration.
 */
steps: Array<StepView>, 
/**
 * When it last worked from beginning to end.
 */
registered_at: string | null, 
/**
 * The address Meta is to call; shown only when somebody asks for it.
 */
callback_url: string | null, 
/**
 * Other apps that get this account's webhooks too.
 */
other_apps: Array<string>, 
/**
 * Where news of account and templates go, when that is not here.
 */
app_callback: string | null, 
/**
 * Whether news of account and templates come here.
 */
news_come_here: boolean, 
/**
 * What the owner should know about that.
 */
news_words: string, 
/**
 * The secrets.
 */
secrets: Array<SecretView>, 
/**
 * Until when the former app secret is valid too, after it was replaced.
 */
former_secret_until: string | null, 
/**
 * The token.
 */
token: TokenView, 
/**
 * When Meta last answered a question about the number.
 */
checked_at: string | null, 
/**
 * What Meta says of the number: sentences, worst first.
 */
number: Array<Finding>, };

export type ProofView = { 
/**
 * Which: `access_token`, `app_secret`, `app_id`, `permissions`.
 */
field: string, 
/**
 * How far.
 */
state: StepState, 
/**
 * What is so, or what is wrong and what to do.
 */
words: string | null, };

export type SetupNumberView = { 
/**
 * Meta's id of the business account.
 */
account_id: string, 
/**
 * Meta's id of the number.
 */
number_id: string, 
/**
 * The number as it is shown.
 */
display: string, 
/**
 * The name customers see.
 */
name: string | null, 
/**
 * Whether it can be connected as it is.
 */
ready: boolean, 
/**
 * Whether it has to be registered with a PIN first.
 */
needs_registration: boolean, 
/**
 * Whether it is in use in the WhatsApp Business app on a phone.
 */
on_phone: boolean, 
/**
 * Whether it is connected here already.
 */
connected: boolean, 
/**
 * Where its webhooks go now, when that is somewhere else.
 */
webhooks_elsewhere: string | null, 
/**
 * What to know about it; worst first.
 */
findings: Array<Finding>, };

export type SetupAccountView = { 
/**
 * Meta's id.
 */
account_id: string, 
/**
 * Its name.
 */
name: string | null, 
/**
 * Its numbers.
 */
numbers: Array<SetupNumberView>, 
/**
 * What to know about it, such as a missing payment method.
 */
findings: Array<Finding>, };

export type HelloView = { 
/**
 * The number as it is shown.
 */
number: string, 
/**
 * A link that opens WhatsApp with the word already written.
 */
link: string, 
/**
 * The link as a QR code: rows of `1` (dark) and `0`, without a margin.
 */
qr: Array<string>, 
/**
 * The first message that came since; `null` until then.
 */
heard: HeardView | null, 
/**
 * The test reply, once it was sent.
 */
reply: ReplyView | null, };

export type HeardView = { 
/**
 * Its conversation.
 */
conversation_id: string, 
/**
 * Who wrote.
 */
name: string, 
/**
 * What.
 */
text: string | null, 
/**
 * When.
 */
at: string, };

export type ReplyView = { 
/**
 * The message.
 */
message_id: string, 
/**
 * What became of it.
 */
status: DeliveryStatus, 
/**
 * Why it failed and what to do.
 */
words: string | null, };

export type SetupView = { 
/**
 * Whether one was begun.
 */
begun: boolean, 
/**
 * The page it stands at.
 */
page: SetupPage, 
/**
 * The furthest page that can be gone to.
 */
furthest: SetupPage, 
/**
 * Token and app secret, as far as entered.
 */
secrets: Array<SecretView>, 
/**
 * The app's id, entered or found.
 */
app_id: string | null, 
/**
 * The app's name.
 */
app_name: string | null, 
/**
 * How well each of them was proved.
 */
proofs: Array<ProofView>, 
/**
 * The token.
 */
token: TokenView | null, 
/**
 * What was found.
 */
accounts: Array<SetupAccountView>, 
/**
 * Why the ids have to be entered by hand, when they have to.
 */
manual_words: string | null, 
/**
 * The number that was chosen.
 */
number: SetupNumberView | null, 
/**
 * How the internet reaches this computer.
 */
tunnel: TunnelView, 
/**
 * The chain.
 */
steps: Array<StepView>, 
/**
 * The channel, once there is one.
 */
channel_id: string | null, 
/**
 * The hello, once there is a channel.
 */
hello: HelloView | null, 
/**
 * The mode that was chosen at the end.
 */
mode: BotMode | null, };

export type VaultView = { 
/**
 * Which place.
 */
kind: "keychain" | "file" | "memory", 
/**
 * How it stands.
 */
state: "open" | "locked" | "absent" | "passphrase" | "damaged", 
/**
 * Where secrets are kept, how that stands, and what to do.
 */
words: string, 
/**
 * Whether a sealed file with a passphrase can be used instead.
 */
can_use_file: boolean, };

export type AwayRow = { 
/**
 * Their conversation.
 */
conversation_id: string, 
/**
 * Who.
 */
name: string, 
/**
 * How many messages came late; 0 where that is not what it is about.
 */
messages: number, 
/**
 * Since when: when they wrote, when they began to wait, or when the window closed.
 */
at: string, 
/**
 * When the last of the late messages came here.
 */
arrived_at: string | null, };

export type AwayView = { 
/**
 * Whether there is something to tell that nobody has seen.
 */
unseen: boolean, 
/**
 * Since when nobody could be reached.
 */
from: string | null, 
/**
 * Until when; `null` while it goes on.
 */
until: string | null, 
/**
 * Why, and for how long: a sentence.
 */
words: string, 
/**
 * How many messages came late, in all.
 */
late_messages: number, 
/**
 * Who wrote them.
 */
late: Array<AwayRow>, 
/**
 * Who waits for an answer, longest first.
 */
waiting: Array<AwayRow>, 
/**
 * Whose service window closed meanwhile.
 */
windows_closed: Array<AwayRow>, 
/**
 * What Meta may still deliver: a sentence.
 */
still_words: string | null, };

export type DiagnosticsView = { 
/**
 * What to call it.
 */
file_name: string, 
/**
 * Its content, without secrets and without anything of customers.
 */
text: string, };

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
channel_id: string, } | { "kind": "health" } | { "kind": "templates", 
/**
 * Which channel.
 */
channel_id: string, } | { "kind": "notices" } | { "kind": "connection" } | { "kind": "away" } | { "kind": "resync" };

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
 * The words. More than 4,096 characters leave as several messages.
 */
text: string, 
/**
 * The provider's id of the message this one answers.
 */
reply_to?: string, };

export type SendMedia = { 
/**
 * To whom.
 */
conversation_id: string, 
/**
 * Where the file lies on this computer.
 */
path?: string, 
/**
 * The id of a file that was handed in.
 */
upload_id?: string, 
/**
 * Words below it.
 */
caption?: string, 
/**
 * What to send it as; what fits best when left out.
 */
as?: "image" | "video" | "audio" | "voice" | "document" | "sticker", 
/**
 * The provider's id of the message this one answers.
 */
reply_to?: string, };

export type SendTemplate = { 
/**
 * To whom.
 */
conversation_id: string, 
/**
 * The template's name.
 */
name: string, 
/**
 * Its language code.
 */
language: string, 
/**
 * What is filled in, by key; a list fills the body in its order. Files are named by their `upload_id`.
 */
variables: Record<string, string> | string[], };

export type SendContent = { 
/**
 * To whom.
 */
conversation_id: string, 
/**
 * What.
 */
content: OutgoingContent, 
/**
 * The provider's id of the message this one answers.
 */
reply_to?: string, };

export type OutgoingContent = { "type": "location", 
/**
 * Degrees, north is positive.
 */
latitude: number, 
/**
 * Degrees, east is positive.
 */
longitude: number, 
/**
 * What it is called.
 */
name?: string, 
/**
 * Where it is; shown only with a name.
 */
address?: string, } | { "type": "contacts", 
/**
 * The cards.
 */
cards: Array<Card>, } | { "type": "buttons", 
/**
 * A line above.
 */
header?: string, 
/**
 * The question.
 */
body: string, 
/**
 * A line below.
 */
footer?: string, 
/**
 * What stands on the buttons, 20 characters each.
 */
buttons: Array<string>, } | { "type": "list", 
/**
 * A line above.
 */
header?: string, 
/**
 * The question.
 */
body: string, 
/**
 * A line below.
 */
footer?: string, 
/**
 * What stands on the button that opens the list.
 */
button: string, 
/**
 * The parts of the list; ten lines in all.
 */
sections: Array<ListSection>, } | { "type": "link", 
/**
 * A line above.
 */
header?: string, 
/**
 * The words.
 */
body: string, 
/**
 * A line below.
 */
footer?: string, 
/**
 * What stands on the button.
 */
display_text: string, 
/**
 * Where it leads.
 */
url: string, } | { "type": "location_request", 
/**
 * The question.
 */
body: string, } | { "type": "contact_request", 
/**
 * The question.
 */
body: string, };

export type Card = { 
/**
 * The whole name.
 */
name: string, 
/**
 * Phone numbers.
 */
phones?: Array<string>, 
/**
 * E-mail addresses.
 */
emails?: Array<string>, 
/**
 * The company.
 */
company?: string, };

export type ListSection = { 
/**
 * Its heading; needed when there are several.
 */
title?: string, 
/**
 * Its lines.
 */
rows: Array<ListRow>, };

export type ListRow = { 
/**
 * What it says, 24 characters.
 */
title: string, 
/**
 * More of it, 72 characters.
 */
description?: string, };

export type React = { 
/**
 * To which message.
 */
message_id: string, 
/**
 * One emoji; empty takes our reaction away.
 */
emoji: string, };

export type ContactArgs = { 
/**
 * Whom.
 */
contact_id: string, };

export type RenameContact = { 
/**
 * Whom.
 */
contact_id: string, 
/**
 * What to call them; empty goes back to what they call themselves.
 */
name: string, };

export type UndoMerge = { 
/**
 * Which merge.
 */
merge_id: string, };

export type AttachmentArgs = { 
/**
 * Which file.
 */
attachment_id: string, };

export type ListNotices = { 
/**
 * Only those of this channel.
 */
channel_id?: string, };

export type CreateTemplate = { 
/**
 * For which channel's account.
 */
channel_id: string, 
/**
 * Small letters, digits and `_`.
 */
name: string, 
/**
 * Its language code.
 */
language: string, 
/**
 * What it is for.
 */
category: "MARKETING" | "UTILITY" | "AUTHENTICATION", 
/**
 * A line above.
 */
header?: string, 
/**
 * The words, with `{{1}}`, `{{2}}` ... where something is filled in.
 */
body: string, 
/**
 * An example for each of them, in their order.
 */
examples?: Array<string>, 
/**
 * A line below.
 */
footer?: string, 
/**
 * Buttons below.
 */
buttons?: Array<TemplateButton>, };

export type TemplateButton = { "type": "quick_reply", 
/**
 * What stands on it.
 */
text: string, } | { "type": "url", 
/**
 * What stands on it.
 */
text: string, 
/**
 * Where it leads.
 */
url: string, } | { "type": "phone_number", 
/**
 * What stands on it.
 */
text: string, 
/**
 * The number, with `+`.
 */
phone_number: string, };

export type DeleteTemplate = { 
/**
 * Of which channel's account.
 */
channel_id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Only this translation; all of them when left out.
 */
language?: string, };

export type SaveBusinessProfile = { 
/**
 * Of which channel.
 */
channel_id: string, 
/**
 * One line about the business.
 */
about?: string, 
/**
 * Where it is.
 */
address?: string, 
/**
 * What it does.
 */
description?: string, 
/**
 * Where to write to.
 */
email?: string, 
/**
 * Two at most.
 */
websites?: Array<string>, 
/**
 * Its trade, in the provider's word.
 */
vertical?: string, };

export type CostsArgs = { 
/**
 * Only this channel.
 */
channel_id?: string, 
/**
 * A month such as `2026-11`; the current one when left out.
 */
month?: string, };

export type SaveRates = { 
/**
 * Such as `EUR`.
 */
currency: string, 
/**
 * What a message of each category costs.
 */
rates: Array<Rate>, 
/**
 * How many free-form answers are free a month and number.
 */
free_service_messages: number, };

export type Rate = { 
/**
 * The category.
 */
category: string, 
/**
 * A decimal number in the currency.
 */
price: string, };

export type SaveSettings = { 
/**
 * When customers see that their message was read.
 */
read_marks?: ReadMarks, 
/**
 * Whether customers see that somebody is typing.
 */
typing?: boolean, };

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

export type SetupPageArgs = { 
/**
 * Where to go; not further than `furthest`.
 */
page: SetupPage, };

export type SetupCredentials = { 
/**
 * The token.
 */
access_token?: string, 
/**
 * The app secret.
 */
app_secret?: string, 
/**
 * The app's id; found out when it is left out.
 */
app_id?: string, };

export type SetupNumberArgs = { 
/**
 * Meta's id of the business account.
 */
account_id: string, 
/**
 * Meta's id of the number.
 */
number_id: string, };

export type RegisterNumber = { 
/**
 * Which channel; the number of the set-up when it is left out.
 */
channel_id?: string, 
/**
 * Six digits: the PIN it has, or the one it is to have.
 */
pin: string, 
/**
 * The owner knows that the number leaves the phone's app. Without it nothing is done.
 */
confirmed: boolean, };

export type SaveTunnel = { 
/**
 * Which way.
 */
kind: TunnelKind, 
/**
 * ngrok's authtoken.
 */
authtoken?: string, 
/**
 * The domain to use; the account's own when it is left out.
 */
domain?: string, 
/**
 * The public address, for `url`; the public host name, for `cloudflared` with a token.
 */
url?: string, 
/**
 * Cloudflare's token of a named tunnel; a trial tunnel with a changing address when there is none.
 */
tunnel_token?: string, 
/**
 * The port webhooks are received at, for `url`; a free one when it is left out.
 */
port?: number, 
/**
 * Whether other computers of the owner's network may reach that port, since one of them forwards the address.
 */
lan?: boolean, };

export type TestReply = { 
/**
 * What to write; a friendly sentence when it is left out.
 */
text?: string, };

export type FinishSetup = { 
/**
 * How much the assistant may do.
 */
mode: BotMode, };

export type ReplaceKeys = { 
/**
 * Which channel.
 */
channel_id: string, 
/**
 * The new token.
 */
access_token?: string, 
/**
 * The new app secret; the former one stays valid for a week.
 */
app_secret?: string, };

export type VaultArgs = { 
/**
 * The passphrase of the sealed file; not needed for the keychain.
 */
passphrase?: string, };

export type Search = { 
/**
 * What to look for.
 */
query: string, 
/**
 * How many at most; 50 when left out, never more than 200.
 */
limit?: number, };

export type ErrorCode = "unknown_command" | "bad_request" | "not_found" | "window_closed" | "not_now" | "provider" | "storage" | "unauthorized" | "internal";

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
  /** Queues a file for a customer; the message exists when this returns. */
  send_media: { args: SendMedia; answer: MessageRef };
  /** Queues a filled template; the only thing that may leave outside the service window. */
  send_template: { args: SendTemplate; answer: MessageRef };
  /** Queues a place, cards, buttons, a list, a link or a question for place or number. */
  send_content: { args: SendContent; answer: MessageRef };
  /** Puts our reaction to a message of the customer, or takes it away. */
  react: { args: React; answer: Done };
  /** Tells the customer that somebody is typing, if the settings say so. To be called again while it goes on. */
  typing: { args: ConversationArgs; answer: Done };
  /** Tells all that is known about one message. */
  message_details: { args: MessageArgs; answer: MessageDetails };
  /** Fetches a customer's file again that could not be fetched. */
  retry_attachment: { args: AttachmentArgs; answer: Done };
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
  /** Marks a conversation as looked at. The customer is told only if the settings say so. */
  mark_read: { args: ConversationArgs; answer: Done };
  /** Keeps what stands unsent in a composer. */
  keep_composer: { args: KeepComposer; answer: Done };
  /** Finds messages by their words, newest first. */
  search: { args: Search; answer: SearchResult };
  /** Says how things stand. */
  health: { args: Nothing; answer: HealthView };
  /** Tries at once to send again on a channel that waits. */
  resume_channel: { args: ChannelArgs; answer: Done };
  /** Tells all that is known about a person. */
  contact: { args: ContactArgs; answer: ContactDetails };
  /** Gives a person the name they are shown under. */
  rename_contact: { args: RenameContact; answer: Done };
  /** Parts two contacts again that were taken for one person. */
  undo_merge: { args: UndoMerge; answer: Done };
  /** Asks the provider to take no messages of this person any more. */
  block_contact: { args: ConversationArgs; answer: Done };
  /** Takes messages of this person again. */
  unblock_contact: { args: ConversationArgs; answer: Done };
  /** Takes a conversation over that another program answers. */
  take_thread: { args: ConversationArgs; answer: Done };
  /** Lists the templates of a channel, as last fetched. */
  list_templates: { args: ChannelArgs; answer: TemplateList };
  /** Fetches the templates of a channel now. */
  refresh_templates: { args: ChannelArgs; answer: TemplateList };
  /** Hands a new template in for approval. */
  create_template: { args: CreateTemplate; answer: TemplateList };
  /** Deletes a template at the provider. */
  delete_template: { args: DeleteTemplate; answer: TemplateList };
  /** Lists news of the channels. */
  list_notices: { args: ListNotices; answer: NoticeList };
  /** Marks all news as seen. */
  see_notices: { args: ListNotices; answer: Done };
  /** Asks the provider what customers see of the business. */
  business_profile: { args: ChannelArgs; answer: ProfileView };
  /** Changes what customers see of the business. */
  save_business_profile: { args: SaveBusinessProfile; answer: ProfileView };
  /** Says what a month may have cost. */
  costs: { args: CostsArgs; answer: CostsView };
  /** Sets the rates costs are estimated with. */
  save_rates: { args: SaveRates; answer: CostsView };
  /** Says what is set for the whole of Deskbell. */
  settings: { args: Nothing; answer: SettingsView };
  /** Sets it. */
  save_settings: { args: SaveSettings; answer: SettingsView };
  /** Says how the set-up of a number stands. */
  setup: { args: Nothing; answer: SetupView };
  /** Begins to set a number up, or goes on where it was left. */
  begin_setup: { args: Nothing; answer: SetupView };
  /** Goes to a page of the set-up. */
  setup_page: { args: SetupPageArgs; answer: SetupView };
  /** Takes token and app secret, proves each of them, and finds accounts and numbers. */
  setup_credentials: { args: SetupCredentials; answer: SetupView };
  /** Chooses the number; ids may be entered by hand. */
  setup_number: { args: SetupNumberArgs; answer: SetupView };
  /** Registers a number with a PIN. It leaves the phone's app by that. */
  register_number: { args: RegisterNumber; answer: Done };
  /** Runs the chain from the server to the read-back; its steps come as changes. */
  connect_setup: { args: Nothing; answer: SetupView };
  /** Answers the hello with a test. */
  test_reply: { args: TestReply; answer: SetupView };
  /** Ends the set-up and sets the mode. */
  finish_setup: { args: FinishSetup; answer: SetupView };
  /** Gives the set-up up and forgets what was entered. */
  cancel_setup: { args: Nothing; answer: Done };
  /** Says how the internet reaches this computer. */
  tunnel: { args: Nothing; answer: TunnelView };
  /** Chooses how. */
  save_tunnel: { args: SaveTunnel; answer: TunnelView };
  /** Tries the tunnel again at once. */
  retry_tunnel: { args: Nothing; answer: TunnelView };
  /** Says how a channel is connected. */
  connection: { args: ChannelArgs; answer: ConnectionView };
  /** Registers our webhook address for a channel again, now. */
  register_webhook: { args: ChannelArgs; answer: ConnectionView };
  /** Lets the news of account and templates come here too. */
  take_news: { args: ChannelArgs; answer: ConnectionView };
  /** Asks Meta about number, account and token now. */
  check_channel: { args: ChannelArgs; answer: ConnectionView };
  /** Replaces token or app secret of a channel after proving them; nothing is lost meanwhile. */
  replace_keys: { args: ReplaceKeys; answer: ConnectionView };
  /** Disconnects a channel and erases its secrets; what was said stays. */
  forget_channel: { args: ChannelArgs; answer: Done };
  /** Says where secrets are kept. */
  vault: { args: Nothing; answer: VaultView };
  /** Asks the keychain again, or opens the sealed file with a passphrase. */
  unlock_vault: { args: VaultArgs; answer: VaultView };
  /** Keeps secrets in a sealed file with a passphrase from now on. */
  use_sealed_file: { args: VaultArgs; answer: VaultView };
  /** Says what happened while nobody could be reached. */
  away: { args: Nothing; answer: AwayView };
  /** Marks that as seen. */
  see_away: { args: Nothing; answer: Done };
  /** Writes a file for whoever helps, without secrets and without anything of customers. */
  diagnostics: { args: Nothing; answer: DiagnosticsView };
  /** Opens the demo shop in this window, or comes back from it. */
  open_demo: { args: Nothing; answer: AppView };
  /** Leaves the demo shop. */
  leave_demo: { args: Nothing; answer: AppView };
}
