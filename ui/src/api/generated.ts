// Written by `cargo xtask codegen` from crates/api. Do not edit: a test compares it with the source.

export type Because = "off" | "held" | "waiting_human" | "notice" | "outbound" | "history" | "standby" | "group" | "unsupported" | "sticker" | "blocked" | "stopped" | "acknowledgement" | "file_only" | "shadow" | "skill_shadow" | "not_quotable" | "typing" | "stale" | "returned" | "window_closed" | "budget" | "loop" | "not_sure" | "guard" | "again" | "nothing_found" | "overtaken" | "answered" | "disconnected" | "halted" | "exact" | "sure" | "tapped" | "quoted" | "grounded" | "asks" | "fallback" | "escalated" | "stop_confirmed" | "still_waiting" | "requested" | "technical";
export type HeldBy = "typed" | "take_over" | "phone" | "escalation" | "hand_back" | "returned";
export type Verdict = "send" | "clarify" | "draft" | "escalate" | "silent";
export type AnswerStep = "rule" | "skill" | "tap" | "knowledge" | "model" | "fallback";
export type EscalationReason = "asks_for_person" | "complaint" | "legal" | "medical" | "refund" | "privacy" | "anger" | "repeated" | "two_misses" | "payment" | "skill" | "hot_lead" | "model" | "guard" | "technical" | "loop" | "file_only" | "handed_over";
export type MarkKind = "taken_over" | "handed_back" | "returned" | "mode" | "escalated";
export type DraftState = "pending" | "sent" | "edited" | "dismissed" | "superseded" | "expired";
export type DismissReason = "wrong" | "tone" | "outdated" | "not_needed" | "own_words";
export type SkillHours = "always" | "open" | "closed";
export type DocumentSource = "typed" | "text" | "markdown" | "html" | "csv" | "docx" | "pdf" | "past_replies";
export type FactKind = "price" | "hours" | "address" | "link" | "phone" | "text";
export type Language = "en" | "es" | "pt" | "fr" | "de" | "it" | "tr" | "ar" | "hi" | "id";
export type LeadMethod = "rule" | "model" | "profile" | "question" | "manual";
export type LeadStatus = "new" | "open" | "won" | "lost" | "spam";
export type Temperature = "cold" | "warm" | "hot";
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

export type ActivityView = { 
/**
 * `none`, `waits` for the customer to finish, `thinks`, or a `draft` waits for a person.
 */
state: "none" | "waits" | "thinks" | "draft", 
/**
 * When it goes on at the latest, while it waits.
 */
until: string | null, 
/**
 * What it last decided.
 */
verdict: Verdict | null, 
/**
 * Why.
 */
because: Because | null, 
/**
 * When.
 */
at: string | null, 
/**
 * That decision, for `decision`.
 */
decision_id: string | null, };

export type SourceView = { 
/**
 * Its name within the decision: `S1`, `S2` ...
 */
id: string, 
/**
 * What it is.
 */
kind: "skill" | "passage" | "fact" | "customer", 
/**
 * The id of the skill, of the document, or the name of the fact.
 */
reference: string, 
/**
 * What to call it.
 */
title: string, 
/**
 * Its words.
 */
text: string, 
/**
 * Where customers can read it.
 */
url: string | null, };

export type CandidateView = { 
/**
 * The skill.
 */
skill_id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * How sure the matcher is, between 0 and 1.
 */
confidence: number, 
/**
 * The example that is nearest.
 */
example: string | null, };

export type FindingView = { 
/**
 * Which check.
 */
kind: string, 
/**
 * What is wrong, as a sentence.
 */
words: string, 
/**
 * The first character of the answer it is about, counted as JavaScript counts.
 */
start: number | null, 
/**
 * The character after the last.
 */
end: number | null, };

export type DecisionView = { 
/**
 * Its id; `null` when nothing was stored, as in a test.
 */
id: string | null, 
/**
 * With whom.
 */
conversation_id: string | null, 
/**
 * The customer's last message it looked at.
 */
message_id: string | null, 
/**
 * When.
 */
at: string, 
/**
 * The mode that applied.
 */
mode: BotMode, 
/**
 * What was decided.
 */
verdict: Verdict, 
/**
 * Which step answered; `null` when none did.
 */
step: AnswerStep | null, 
/**
 * Why.
 */
because: Because, 
/**
 * Why a person is needed.
 */
escalation: EscalationReason | null, 
/**
 * What was answered, or would have been.
 */
text: string | null, 
/**
 * Buttons that go with it.
 */
buttons: Array<string>, 
/**
 * The language of the answer.
 */
language: Language | null, 
/**
 * How sure it is, between 0 and 1.
 */
confidence: number | null, 
/**
 * The band that confidence lies in: answers, asks what was meant, goes on to the next step.
 */
band: "send" | "clarify" | "next" | null, 
/**
 * What the answer rests on.
 */
sources: Array<SourceView>, 
/**
 * The skills that were considered, the likeliest first.
 */
candidates: Array<CandidateView>, 
/**
 * Passages of the knowledge base that were considered, the likeliest first.
 */
passages: Array<SourceView>, 
/**
 * What the checks found.
 */
findings: Array<FindingView>, 
/**
 * What was asked of a language model, for `model_call`.
 */
model_call_id: string | null, 
/**
 * How long it took, in milliseconds.
 */
took_ms: number, };

export type DraftView = { 
/**
 * Its id.
 */
id: string, 
/**
 * To whom.
 */
conversation_id: string, 
/**
 * The person.
 */
contact: ContactView, 
/**
 * The channel.
 */
channel_id: string, 
/**
 * What is proposed; empty while `blind`.
 */
text: string, 
/**
 * Buttons that go with it.
 */
buttons: Array<string>, 
/**
 * Where it stands.
 */
state: DraftState, 
/**
 * Hidden until the operator has answered, to learn what they write without it.
 */
blind: boolean, 
/**
 * The skill it comes from.
 */
skill: string | null, 
/**
 * What it rests on.
 */
sources: Array<SourceView>, 
/**
 * Everything about how it came to be.
 */
decision: DecisionView, 
/**
 * When it was made.
 */
created_at: string, 
/**
 * When it is worth nothing any more.
 */
expires_at: string, 
/**
 * When it stopped waiting.
 */
decided_at: string | null, 
/**
 * What was sent.
 */
message_id: string | null, 
/**
 * What a person made of it.
 */
final_text: string | null, 
/**
 * How much they changed, between 0 and 1.
 */
distance: number | null, 
/**
 * Numbers, prices, dates and links they changed.
 */
facts_changed: Array<string>, 
/**
 * Why it was dismissed.
 */
reason: DismissReason | null, };

export type DraftList = { 
/**
 * The drafts.
 */
drafts: Array<DraftView>, };

export type HandBackView = { 
/**
 * The conversation as it stands now.
 */
conversation: ConversationView, 
/**
 * Whether the customer's last words have no answer yet: offer to answer them now.
 */
open_question: boolean, };

export type ExampleView = { 
/**
 * The words.
 */
text: string, 
/**
 * Their language.
 */
language: Language | null, 
/**
 * Whether it does *not* mean the skill.
 */
negative: boolean, };

export type AnswerButtonView = { 
/**
 * What it says.
 */
title: string, 
/**
 * The skill a tap asks for; `null`: its title is taken as the customer's words.
 */
skill_id: string | null, };

export type AnswerView = { 
/**
 * The language; `null`: it serves for all.
 */
language: Language | null, 
/**
 * The words with placeholders.
 */
text: string, 
/**
 * At most three.
 */
buttons: Array<AnswerButtonView>, 
/**
 * SHA-256 of a stored file that goes with it.
 */
file: string | null, };

export type ReadinessView = { 
/**
 * Drafts somebody decided about in the last 30 days.
 */
decided: number, 
/**
 * Of those, sent unchanged.
 */
unchanged: number, 
/**
 * Of those, sent after a light edit.
 */
light: number, 
/**
 * Of those, sent after a heavy edit.
 */
heavy: number, 
/**
 * Of those, dismissed.
 */
dismissed: number, 
/**
 * The share that was sent as it was or nearly, at least, with 95 % certainty; between 0 and 1.
 */
agreement: number, 
/**
 * Whether it may be trusted to answer by itself.
 */
ready: boolean, 
/**
 * How many more decided drafts are needed at least; 0 when enough.
 */
needed: number, 
/**
 * Hidden drafts beside which a person wrote their own answer.
 */
blind: number, 
/**
 * How alike the two were on average, between 0 and 1; `null`: there were none.
 */
alike: number | null, };

export type SkillView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What the owner calls it.
 */
name: string, 
/**
 * Whether it is used.
 */
enabled: boolean, 
/**
 * How much it may do by itself.
 */
autonomy: BotMode, 
/**
 * Whether a person takes over whenever it is asked for.
 */
requires_human: boolean, 
/**
 * Whether it is sent only when the matcher is surer than usual.
 */
high_risk: boolean, 
/**
 * Not before.
 */
valid_from: string | null, 
/**
 * Not after.
 */
valid_to: string | null, 
/**
 * When of the day.
 */
hours: SkillHours, 
/**
 * What customers say.
 */
examples: Array<ExampleView>, 
/**
 * What is answered.
 */
answers: Array<AnswerView>, 
/**
 * Raised by every change.
 */
version: number, 
/**
 * Placeholders of its answers nothing fills yet, such as `{business.hours}`; while there is one, nothing is sent.
 */
unfilled: Array<string>, 
/**
 * How well its drafts did.
 */
readiness: ReadinessView, };

export type SkillList = { 
/**
 * The skills.
 */
skills: Array<SkillView>, 
/**
 * How long the matcher took to learn them, in milliseconds; `null` while it learns.
 */
trained_ms: number | null, };

export type PackSkillView = { 
/**
 * Its name in the pack.
 */
key: string, 
/**
 * What it would be called.
 */
name: string, 
/**
 * Its answer in the language asked for.
 */
answer: string, 
/**
 * Whether it is there already.
 */
added: boolean, };

export type PackView = { 
/**
 * Languages it has.
 */
languages: Language[], 
/**
 * Its skills.
 */
skills: Array<PackSkillView>, };

export type DocumentView = { 
/**
 * Its id.
 */
id: string, 
/**
 * What it is called.
 */
title: string, 
/**
 * Where it came from.
 */
source: DocumentSource, 
/**
 * Where customers can read it.
 */
url: string | null, 
/**
 * Its language.
 */
language: Language | null, 
/**
 * Whether it is used.
 */
enabled: boolean, 
/**
 * Whether its words may be sent without a person looking.
 */
quotable: boolean, 
/**
 * Not after.
 */
valid_to: string | null, 
/**
 * When it was changed last.
 */
updated_at: string, 
/**
 * How many passages it has.
 */
passages: number, 
/**
 * Its text; only in the answer of `document` and of what saves one.
 */
text: string | null, };

export type DocumentList = { 
/**
 * The documents.
 */
documents: Array<DocumentView>, };

export type FactView = { 
/**
 * What it is about.
 */
kind: FactKind, 
/**
 * Its name within its kind.
 */
key: string, 
/**
 * What it says.
 */
value: string, 
/**
 * The language it is said in; `null`: it serves for all.
 */
language: Language | null, 
/**
 * Not after.
 */
valid_to: string | null, 
/**
 * How an answer names it, such as `{price:haircut}`.
 */
placeholder: string, };

export type FactList = { 
/**
 * The facts.
 */
facts: Array<FactView>, };

export type PastReplyView = { 
/**
 * The answer's message, for `add_past_replies`.
 */
message_id: string, 
/**
 * What the customer asked.
 */
question: string, 
/**
 * What the operator answered.
 */
answer: string, 
/**
 * When.
 */
at: string, };

export type PastReplyList = { 
/**
 * The answers.
 */
replies: Array<PastReplyView>, };

export type DayHours = { 
/**
 * 1 is Monday, 7 is Sunday.
 */
day: number, 
/**
 * When it opens, such as `09:00`.
 */
from: string, 
/**
 * When it closes; before `from` means the next day.
 */
to: string, };

export type HoursView = { 
/**
 * The time zone's name, such as `Europe/Berlin`; `null`: this computer's.
 */
zone: string | null, 
/**
 * One entry for each stretch; empty: nobody said when.
 */
days: Array<DayHours>, 
/**
 * Dates on which it is closed, such as `2026-12-25`.
 */
closed: Array<string>, };

export type IntakeView = { 
/**
 * Which field of a lead it fills.
 */
field: string, 
/**
 * The question in each language, or one text under `""` for all.
 */
question: Record<string, string>, };

export type CannedView = { 
/**
 * Which text: `fallback`, `escalation.complaint.open`, `disclaimer` ...
 */
key: string, 
/**
 * In which language.
 */
language: Language, 
/**
 * The words in use.
 */
text: string, 
/**
 * Whether the owner wrote them.
 */
own: boolean, };

export type AssistantView = { 
/**
 * The switch for everything.
 */
global_mode: BotMode, 
/**
 * Why the settings count as off although something else was chosen; `null`: they can be read.
 */
trouble: string | null, 
/**
 * The shop's name, for answers.
 */
business_name: string, 
/**
 * The language when it is not clear which one a customer speaks.
 */
language: Language, 
/**
 * The country whose telephone numbers need no prefix, such as `DE`.
 */
region: string | null, 
/**
 * Whether leads are read in mode off too.
 */
lead_capture: boolean, 
/**
 * Whether a model may read leads while a person holds the conversation.
 */
lead_model_when_held: boolean, 
/**
 * Whether one draft in ten stays hidden until the operator has answered.
 */
blind_sample: boolean, 
/**
 * What the assistant should know and never do, in the owner's words; for language models.
 */
instructions: string, 
/**
 * Whether its first words say that an assistant writes.
 */
disclaimer: boolean, 
/**
 * Whether a customer who sends a file without words is asked, once a day, to write what it is about.
 */
file_notice: boolean, 
/**
 * When the shop is open.
 */
hours: HoursView, 
/**
 * What it asks to learn about leads, in order.
 */
intake: Array<IntakeView>, 
/**
 * Its own texts.
 */
texts: Array<CannedView>, 
/**
 * Minutes after the last human message until a conversation goes back, per channel; 0: never.
 */
returns: Array<ReturnView>, };

export type ReturnView = { 
/**
 * The channel.
 */
channel_id: string, 
/**
 * Its name.
 */
name: string, 
/**
 * Minutes; 0: never by itself.
 */
minutes: number, };

export type FoundModelsView = { 
/**
 * `Ollama`, `LM Studio`.
 */
name: string, 
/**
 * Its address.
 */
base_url: string, 
/**
 * Its models.
 */
models: Array<string>, };

export type FoundModelsList = { 
/**
 * The servers.
 */
found: Array<FoundModelsView>, };

export type ModelView = { 
/**
 * `none`, `openai` (and everything that speaks like it), `anthropic`.
 */
kind: "none" | "openai" | "anthropic", 
/**
 * Where it is.
 */
base_url: string | null, 
/**
 * Which model.
 */
model: string | null, 
/**
 * Whether a key is kept.
 */
has_key: boolean, 
/**
 * Whether it runs on this computer or in this network.
 */
local: boolean, 
/**
 * What it can do, as found when it was set up: `json_schema`, `tools`, `streaming`, `embeddings`.
 */
abilities: Array<string>, 
/**
 * Price of a million tokens sent, in the owner's currency.
 */
price_in: number, 
/**
 * Price of a million tokens received.
 */
price_out: number, 
/**
 * The most a day may cost; `null`: no limit.
 */
daily_limit: number | null, 
/**
 * What today cost so far.
 */
spent_today: number, 
/**
 * The most tokens of a day for one customer; 0: no limit.
 */
contact_tokens: number, 
/**
 * Whether passages are compared by meaning too.
 */
embeddings: boolean, 
/**
 * The model that makes vectors for that; `null`: the same.
 */
embedding_model: string | null, 
/**
 * What is wrong and what to do; `null`: nothing.
 */
trouble: string | null, 
/**
 * Until when it is not asked because of failures.
 */
resting_until: string | null, };

export type ModelCallView = { 
/**
 * Its id.
 */
id: string, 
/**
 * When.
 */
at: string, 
/**
 * What for.
 */
purpose: "answer" | "leads" | "probe" | "embed" | "simulate", 
/**
 * Where it went.
 */
host: string, 
/**
 * Which model.
 */
model: string, 
/**
 * Exactly what left this computer, without the key; only in the answer of `model_call`.
 */
sent: string | null, 
/**
 * What came back; only in the answer of `model_call`.
 */
received: string | null, 
/**
 * What went wrong.
 */
trouble: string | null, 
/**
 * Tokens sent.
 */
tokens_in: number, 
/**
 * Tokens received.
 */
tokens_out: number, 
/**
 * What it cost, in the owner's currency.
 */
cost: number, 
/**
 * How long it took, in milliseconds.
 */
took_ms: number, };

export type ModelCallList = { 
/**
 * The questions.
 */
calls: Array<ModelCallView>, };

export type WritingView = { 
/**
 * The text so far, empty while it has no words yet; `null`: nothing is being written.
 */
text: string | null, };

export type LeadValueView = { 
/**
 * Its id.
 */
id: string, 
/**
 * Which field.
 */
field: string, 
/**
 * The value in a form that compares.
 */
value: string, 
/**
 * The words as the customer wrote them.
 */
raw: string, 
/**
 * The message it was read from.
 */
message_id: string | null, 
/**
 * The first character of that message it was read from, counted as JavaScript counts.
 */
start: number | null, 
/**
 * The character after the last.
 */
end: number | null, 
/**
 * How it was learnt.
 */
method: LeadMethod, 
/**
 * How sure that is, between 0 and 1.
 */
confidence: number, 
/**
 * Entered by a person; extraction may only suggest.
 */
locked: boolean, 
/**
 * When it was learnt.
 */
at: string, };

export type ScoreReasonView = { 
/**
 * Points, also negative.
 */
points: number, 
/**
 * For what, as a sentence.
 */
words: string, };

export type LeadView = { 
/**
 * Its id.
 */
id: string, 
/**
 * The person.
 */
contact: ContactView, 
/**
 * Where it was learnt of.
 */
conversation_id: string, 
/**
 * The channel.
 */
channel_id: string, 
/**
 * Where it stands.
 */
status: LeadStatus, 
/**
 * 0 to 100.
 */
score: number, 
/**
 * From the score.
 */
temperature: Temperature, 
/**
 * What the score is made of.
 */
reasons: Array<ScoreReasonView>, 
/**
 * What is known now, one for each field.
 */
values: Array<LeadValueView>, 
/**
 * What was read but may not replace what a person entered.
 */
suggestions: Array<LeadValueView>, 
/**
 * Fields the customer did not want to tell.
 */
refused: Array<string>, 
/**
 * When it was opened.
 */
created_at: string, 
/**
 * When anything of it changed last.
 */
updated_at: string, };

export type LeadPage = { 
/**
 * The leads.
 */
leads: Array<LeadView>, 
/**
 * Hand this back as `cursor` for the next page; `null` at the end.
 */
next_cursor: string | null, 
/**
 * How many there are under this filter.
 */
total: number, };

export type LeadAnswer = { 
/**
 * The lead; `null`: nothing is known.
 */
lead: LeadView | null, };

export type LeadTable = { 
/**
 * A name for the file.
 */
file_name: string, 
/**
 * Its content.
 */
csv: string, };

export type HandBack = { 
/**
 * Which conversation.
 */
conversation_id: string, 
/**
 * Whether the customer's open question is answered now; left out: it is not.
 */
answer_now?: boolean, };

export type ListDrafts = { 
/**
 * Only of this conversation.
 */
conversation_id?: string, 
/**
 * `pending` when left out; `all` for decided ones too, the newest first.
 */
state?: "pending" | "all", 
/**
 * How many at most; 50 when left out, never more than 200.
 */
limit?: number, };

export type ApproveDraft = { 
/**
 * Which draft.
 */
draft_id: string, 
/**
 * What is sent instead; left out: the draft as it is.
 */
text?: string, };

export type DismissDraft = { 
/**
 * Which draft.
 */
draft_id: string, 
/**
 * Why: `wrong`, `tone`, `outdated`, `not_needed`, `own_words`, or words of one's own.
 */
reason: string, };

export type DecisionArgs = { 
/**
 * Which decision.
 */
decision_id: string, };

export type ExampleArg = string | { 
/**
 * The words.
 */
text: string, 
/**
 * Their language.
 */
language?: Language | null, 
/**
 * Whether they do *not* mean the skill.
 */
negative?: boolean, };

export type AnswerButtonArg = { 
/**
 * What it says; 20 characters at most.
 */
title: string, 
/**
 * The skill a tap asks for.
 */
skill_id?: string | null, };

export type AnswerArg = { 
/**
 * The language; none: it serves for all.
 */
language?: Language | null, 
/**
 * The words with placeholders.
 */
text: string, 
/**
 * At most three.
 */
buttons?: Array<AnswerButtonArg>, 
/**
 * A file handed in with `upload`, or the SHA-256 of one that is kept already.
 */
file?: string | null, };

export type SaveSkill = { 
/**
 * Which skill; left out: the one with this name, or a new one.
 */
skill_id?: string | null, 
/**
 * What it is called.
 */
name: string, 
/**
 * What customers say.
 */
examples: Array<ExampleArg>, 
/**
 * What is answered, in all languages.
 */
answer?: string | null, 
/**
 * What is answered, by language; instead of `answer` or beside it.
 */
answers?: Array<AnswerArg>, 
/**
 * Whether a person takes over whenever it is asked for.
 */
requires_human?: boolean, 
/**
 * `off`, `shadow`, `bot`; a new skill answers by itself when left out.
 */
autonomy?: BotMode, 
/**
 * Whether it is used.
 */
enabled?: boolean, 
/**
 * Whether it is sent only when the matcher is surer than usual.
 */
high_risk?: boolean, 
/**
 * Not before; RFC 3339.
 */
valid_from?: string | null, 
/**
 * Not after; RFC 3339.
 */
valid_to?: string | null, 
/**
 * When of the day.
 */
hours?: SkillHours, };

export type SkillArgs = { 
/**
 * Which skill.
 */
skill_id: string, };

export type StarterPack = { 
/**
 * The language answers are shown in.
 */
language?: Language, };

export type AddPack = { 
/**
 * Skills of the pack by their names in it; all when left out.
 */
keys?: Array<string>, 
/**
 * Languages to take; all when left out.
 */
languages?: Language[], };

export type SaveDocument = { 
/**
 * Which document; left out: the one with this title, or a new one.
 */
document_id?: string | null, 
/**
 * What it is called.
 */
title: string, 
/**
 * Its text; Markdown headings and lists of questions and answers are understood.
 */
text: string, 
/**
 * Where customers can read it.
 */
url?: string | null, 
/**
 * Whether it is used.
 */
enabled?: boolean, 
/**
 * Whether its words may be sent without a person looking.
 */
quotable?: boolean, 
/**
 * Not after; RFC 3339.
 */
valid_to?: string | null, };

export type ImportDocument = { 
/**
 * The file that was handed in.
 */
upload_id?: string, 
/**
 * The file on this computer.
 */
path?: string, 
/**
 * What it is called; the file's name when left out.
 */
title?: string, };

export type DocumentArgs = { 
/**
 * Which document.
 */
document_id: string, };

export type FactArg = { 
/**
 * What it is about.
 */
kind: FactKind, 
/**
 * Its name within its kind; for hours, address and phone of the shop it may be empty.
 */
key: string, 
/**
 * What it says; empty removes it.
 */
value: string, 
/**
 * The language it is said in.
 */
language?: Language | null, 
/**
 * Not after; RFC 3339.
 */
valid_to?: string | null, };

export type SaveFacts = { 
/**
 * The facts.
 */
facts: Array<FactArg>, };

export type AddPastReplies = { 
/**
 * The answers' messages.
 */
message_ids: Array<string>, };

export type SetFallback = { 
/**
 * What is said when nothing is found, in all languages; `{topics}` names what can be asked. Empty: our own text.
 */
text: string, 
/**
 * Only in this language.
 */
language?: Language | null, };

export type CannedArg = { 
/**
 * Which text.
 */
key: string, 
/**
 * In which language.
 */
language: Language, 
/**
 * The words; empty: our own.
 */
text: string, };

export type ReturnArg = { 
/**
 * The channel.
 */
channel_id: string, 
/**
 * Minutes after the last human message; 0: never by itself.
 */
minutes: number, };

export type SaveAssistant = { 
/**
 * The shop's name.
 */
business_name?: string, 
/**
 * The language when it is not clear.
 */
language?: Language, 
/**
 * The country whose telephone numbers need no prefix; empty: none.
 */
region?: string, 
/**
 * Whether leads are read in mode off too.
 */
lead_capture?: boolean, 
/**
 * Whether a model may read leads while a person holds the conversation.
 */
lead_model_when_held?: boolean, 
/**
 * Whether one draft in ten stays hidden.
 */
blind_sample?: boolean, 
/**
 * What the assistant should know and never do.
 */
instructions?: string, 
/**
 * Whether its first words say that an assistant writes.
 */
disclaimer?: boolean, 
/**
 * Whether a customer who sends a file without words is asked, once a day, to write what it is about.
 */
file_notice?: boolean | null, 
/**
 * When the shop is open.
 */
hours?: HoursView, 
/**
 * What it asks to learn about leads.
 */
intake?: Array<IntakeView>, 
/**
 * Its own texts.
 */
texts?: Array<CannedArg>, 
/**
 * When conversations go back.
 */
returns?: Array<ReturnArg>, };

export type TrySentence = { 
/**
 * What a customer might say.
 */
text: string, };

export type ChatLine = { 
/**
 * Who says it.
 */
author: "customer" | "assistant" | "operator", 
/**
 * What.
 */
text: string, };

export type Simulate = { 
/**
 * What was said so far, the oldest first; the last line is the customer's.
 */
lines: Array<ChatLine>, 
/**
 * Whether the language model may be asked; it is not when left out.
 */
model?: boolean, };

export type SaveModel = { 
/**
 * `none`, `openai`, `anthropic`.
 */
kind: "none" | "openai" | "anthropic", 
/**
 * Where it is; the provider's own address when left out.
 */
base_url?: string | null, 
/**
 * Which model.
 */
model?: string | null, 
/**
 * The key.
 */
key?: string | null, 
/**
 * Price of a million tokens sent.
 */
price_in?: number, 
/**
 * Price of a million tokens received.
 */
price_out?: number, 
/**
 * The most a day may cost.
 */
daily_limit?: number | null, 
/**
 * The most tokens of a day for one customer; 0: no limit.
 */
contact_tokens?: number, 
/**
 * Whether passages are compared by meaning too. The documents are sent to the model for it.
 */
embeddings?: boolean, 
/**
 * The model that makes vectors for that; when left out one the server names, else the same.
 */
embedding_model?: string | null, };

export type ListModelCalls = { 
/**
 * Only about this conversation.
 */
conversation_id?: string, 
/**
 * How many at most; 50 when left out.
 */
limit?: number, };

export type ModelCallArgs = { 
/**
 * Which question.
 */
call_id: string, };

export type LabelMessage = { 
/**
 * What was said.
 */
message_id: string, 
/**
 * The skill that was meant; `null`: none of them.
 */
skill_id: string | null, 
/**
 * Whether its words become an example of the skill too.
 */
add_example?: boolean, };

export type SetTestContact = { 
/**
 * Who.
 */
contact_id: string, 
/**
 * Whether it is a test person.
 */
test: boolean, };

export type ListLeads = { 
/**
 * Only those that stand so.
 */
status?: LeadStatus, 
/**
 * Only those.
 */
temperature?: Temperature, 
/**
 * Only those of this channel.
 */
channel_id?: string, 
/**
 * Only those of which this field is known.
 */
field?: string, 
/**
 * Only those whose name or values contain this.
 */
text?: string, 
/**
 * Only those that changed since; RFC 3339.
 */
since?: string, 
/**
 * Where the page begins, from the page before.
 */
cursor?: string, 
/**
 * How many at most; 50 when left out, never more than 200.
 */
limit?: number, };

export type SetLeadValue = { 
/**
 * Whose: the conversation's customer gets a lead when they have none.
 */
conversation_id: string, 
/**
 * Which field.
 */
field: string, 
/**
 * What a person says it is; empty: there is none. It is locked.
 */
value: string, };

export type ReturnLeadValue = { 
/**
 * Whose.
 */
lead_id: string, 
/**
 * Which field.
 */
field: string, };

export type SetLeadStatus = { 
/**
 * Whose.
 */
lead_id: string, 
/**
 * Where it stands.
 */
status: LeadStatus, };

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
attention: EscalationReason | string | null, 
/**
 * Since when a person is asked for.
 */
attention_at: string | null, 
/**
 * Since when the holder holds it; `null`: from the beginning.
 */
held_since: string | null, 
/**
 * What made them the holder.
 */
held_by: HeldBy | null, 
/**
 * When the conversation goes back to the assistant by itself; `null`: it does not.
 */
returns_at: string | null, 
/**
 * What the assistant is doing, and what it last decided.
 */
activity: ActivityView, 
/**
 * Until when it was put off and asks nobody for anything; `null`: it is not.
 */
snoozed_until: string | null, 
/**
 * A test person, for whom this conversation's mode may be looser than the channel's.
 */
test: boolean, 
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
 * The assistant's decision it came from, for `decision`; `null`: a person wrote it.
 */
decision_id: string | null, 
/**
 * Whether it was changed later.
 */
edited: boolean, 
/**
 * Whether it was taken back; then `text`, `payload`, files and quote are empty.
 */
revoked: boolean, };

export type MarkView = { 
/**
 * Its id.
 */
id: string, 
/**
 * When.
 */
at: string, 
/**
 * What happened.
 */
kind: MarkKind, 
/**
 * What made a person the holder, when one took over.
 */
how: HeldBy | null, 
/**
 * The mode that was set; `null` as well when the channel's holds again.
 */
mode: BotMode | null, 
/**
 * Why a person is needed, when one was asked for.
 */
reason: EscalationReason | null, };

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
 * What happened in the time of this page besides, oldest first.
 */
marks: Array<MarkView>, 
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
 * Why the assistant did not look at it when it came, such as that it was off or a person held the conversation.
 */
unheeded: Because | null, 
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
channel_id: string, } | { "kind": "notices" } | { "kind": "connection" } | { "kind": "away" } | { "kind": "draft", 
/**
 * Its conversation.
 */
conversation_id: string, } | { "kind": "writing", 
/**
 * Its conversation.
 */
conversation_id: string, } | { "kind": "knowledge" } | { "kind": "lead", 
/**
 * Which.
 */
lead_id: string, } | { "kind": "reminder", 
/**
 * Where.
 */
conversation_id: string, } | { "kind": "resync" };

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

export type Snooze = { 
/**
 * Which.
 */
conversation_id: string, 
/**
 * Until when, as RFC 3339 in UTC; left out or `null`: no longer.
 */
until?: string | null, };

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
  hand_back: { args: HandBack; answer: HandBackView };
  /** Lets a person keep a conversation until they give it back themselves. */
  keep_holder: { args: ConversationArgs; answer: ConversationView };
  /** Puts a conversation off until a moment; `null` takes it back. What the customer writes meanwhile ends it. */
  snooze_conversation: { args: Snooze; answer: ConversationView };
  /** Stops what the assistant is about to say in a conversation. */
  halt: { args: ConversationArgs; answer: Done };
  /** Lists answers that wait for a person's word. */
  list_drafts: { args: ListDrafts; answer: DraftList };
  /** Sends a draft, as it is or rewritten. */
  approve_draft: { args: ApproveDraft; answer: MessageRef };
  /** Puts a draft away. */
  dismiss_draft: { args: DismissDraft; answer: Done };
  /** Asks the assistant for a draft now, or for another one. */
  request_draft: { args: ConversationArgs; answer: Done };
  /** Shows what a language model is writing in a conversation at the moment. It is unchecked and cannot be sent. */
  writing: { args: ConversationArgs; answer: WritingView };
  /** Tells why the assistant did what it did. */
  decision: { args: DecisionArgs; answer: DecisionView };
  /** Says what a customer meant, so that the assistant learns it. */
  label_message: { args: LabelMessage; answer: Done };
  /** Marks a person as one to test with. */
  set_test_contact: { args: SetTestContact; answer: Done };
  /** Lists the skills. */
  list_skills: { args: Nothing; answer: SkillList };
  /** Adds a skill or changes one. */
  save_skill: { args: SaveSkill; answer: SkillView };
  /** Removes a skill. */
  delete_skill: { args: SkillArgs; answer: Done };
  /** Shows the skills that come with Deskbell. */
  starter_pack: { args: StarterPack; answer: PackView };
  /** Takes skills of the starter pack. */
  add_pack: { args: AddPack; answer: SkillList };
  /** Lists the documents of the knowledge base. */
  list_documents: { args: Nothing; answer: DocumentList };
  /** Reads a document. */
  document: { args: DocumentArgs; answer: DocumentView };
  /** Adds a document or changes one. */
  save_document: { args: SaveDocument; answer: DocumentView };
  /** Reads a file into the knowledge base. */
  import_document: { args: ImportDocument; answer: DocumentView };
  /** Removes a document. */
  delete_document: { args: DocumentArgs; answer: Done };
  /** Lists answers of operators that could be taken into the knowledge base. */
  past_replies: { args: Nothing; answer: PastReplyList };
  /** Takes them. */
  add_past_replies: { args: AddPastReplies; answer: DocumentView };
  /** Lists single facts: prices, hours, address. */
  list_facts: { args: Nothing; answer: FactList };
  /** Sets them. */
  save_facts: { args: SaveFacts; answer: FactList };
  /** Sets what is said when nothing is found. */
  set_fallback: { args: SetFallback; answer: Done };
  /** Says how the assistant is set. */
  assistant: { args: Nothing; answer: AssistantView };
  /** Sets it. */
  save_assistant: { args: SaveAssistant; answer: AssistantView };
  /** Shows what a customer's sentence would lead to. Nothing is stored and nothing leaves. */
  try_sentence: { args: TrySentence; answer: DecisionView };
  /** Shows what the assistant would say in a pretended chat. Nothing is stored and nothing is sent to a customer. */
  simulate: { args: Simulate; answer: DecisionView };
  /** Says which language model is used. */
  model: { args: Nothing; answer: ModelView };
  /** Looks for language models on this computer. */
  find_models: { args: Nothing; answer: FoundModelsList };
  /** Chooses a language model after trying it. */
  save_model: { args: SaveModel; answer: ModelView };
  /** Lists what was asked of language models. */
  list_model_calls: { args: ListModelCalls; answer: ModelCallList };
  /** Shows exactly what left this computer, and what came back. */
  model_call: { args: ModelCallArgs; answer: ModelCallView };
  /** Lists leads. */
  list_leads: { args: ListLeads; answer: LeadPage };
  /** Tells what is known of a conversation's customer as a lead. */
  lead: { args: ConversationArgs; answer: LeadAnswer };
  /** Writes a value of a lead by hand; extraction does not overwrite it. */
  set_lead_value: { args: SetLeadValue; answer: LeadView };
  /** Lets extraction fill a field again. */
  return_lead_value: { args: ReturnLeadValue; answer: LeadView };
  /** Says where a lead stands. */
  set_lead_status: { args: SetLeadStatus; answer: LeadView };
  /** Writes the leads of a filter as a table. */
  export_leads: { args: ListLeads; answer: LeadTable };
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
