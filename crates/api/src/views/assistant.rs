//! What a window is shown of the assistant: decisions, drafts, skills, knowledge.

use super::ContactView;
use serde::Serialize;
use ts_rs::TS;

/// What the assistant is doing in a conversation.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ActivityView {
    /// `none`, `waits` for the customer to finish, `thinks`, or a `draft` waits for a person.
    #[ts(type = "\"none\" | \"waits\" | \"thinks\" | \"draft\"")]
    pub state: &'static str,
    /// When it goes on at the latest, while it waits.
    pub until: Option<String>,
    /// What it last decided.
    #[ts(type = "Verdict | null")]
    pub verdict: Option<&'static str>,
    /// Why.
    #[ts(type = "Because | null")]
    pub because: Option<&'static str>,
    /// When.
    pub at: Option<String>,
    /// That decision, for `decision`.
    pub decision_id: Option<String>,
}

/// Something an answer rests on.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SourceView {
    /// Its name within the decision: `S1`, `S2` ...
    pub id: String,
    /// What it is.
    #[ts(type = "\"skill\" | \"passage\" | \"fact\" | \"customer\"")]
    pub kind: String,
    /// The id of the skill, of the document, or the name of the fact.
    pub reference: String,
    /// What to call it.
    pub title: String,
    /// Its words.
    pub text: String,
    /// Where customers can read it.
    pub url: Option<String>,
}

/// A skill that was considered.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CandidateView {
    /// The skill.
    pub skill_id: String,
    /// Its name.
    pub name: String,
    /// How sure the matcher is, between 0 and 1.
    pub confidence: f64,
    /// The example that is nearest.
    pub example: Option<String>,
}

/// What a check found in an answer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FindingView {
    /// Which check.
    pub kind: String,
    /// What is wrong, as a sentence.
    pub words: String,
    /// The first character of the answer it is about, counted as JavaScript counts.
    pub start: Option<u32>,
    /// The character after the last.
    pub end: Option<u32>,
}

/// One decision of the assistant with its evidence: the "because" panel.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DecisionView {
    /// Its id; `null` when nothing was stored, as in a test.
    pub id: Option<String>,
    /// With whom.
    pub conversation_id: Option<String>,
    /// The customer's last message it looked at.
    pub message_id: Option<String>,
    /// When.
    pub at: String,
    /// The mode that applied.
    #[ts(type = "BotMode")]
    pub mode: &'static str,
    /// What was decided.
    #[ts(type = "Verdict")]
    pub verdict: &'static str,
    /// Which step answered; `null` when none did.
    #[ts(type = "AnswerStep | null")]
    pub step: Option<&'static str>,
    /// Why.
    #[ts(type = "Because")]
    pub because: &'static str,
    /// Why a person is needed.
    #[ts(type = "EscalationReason | null")]
    pub escalation: Option<&'static str>,
    /// What was answered, or would have been.
    pub text: Option<String>,
    /// Buttons that go with it.
    pub buttons: Vec<String>,
    /// The language of the answer.
    #[ts(type = "Language | null")]
    pub language: Option<&'static str>,
    /// How sure it is, between 0 and 1.
    pub confidence: Option<f64>,
    /// The band that confidence lies in: answers, asks what was meant, goes on to the next step.
    #[ts(type = "\"send\" | \"clarify\" | \"next\" | null")]
    pub band: Option<&'static str>,
    /// What the answer rests on.
    pub sources: Vec<SourceView>,
    /// The skills that were considered, the likeliest first.
    pub candidates: Vec<CandidateView>,
    /// Passages of the knowledge base that were considered, the likeliest first.
    pub passages: Vec<SourceView>,
    /// What the checks found.
    pub findings: Vec<FindingView>,
    /// What was asked of a language model, for `model_call`.
    pub model_call_id: Option<String>,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
}

/// An answer that waits for a person's word.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DraftView {
    /// Its id.
    pub id: String,
    /// To whom.
    pub conversation_id: String,
    /// The person.
    pub contact: ContactView,
    /// The channel.
    pub channel_id: String,
    /// What is proposed; empty while `blind`.
    pub text: String,
    /// Buttons that go with it.
    pub buttons: Vec<String>,
    /// Where it stands.
    #[ts(type = "DraftState")]
    pub state: &'static str,
    /// Hidden until the operator has answered, to learn what they write without it.
    pub blind: bool,
    /// The skill it comes from.
    pub skill: Option<String>,
    /// What it rests on.
    pub sources: Vec<SourceView>,
    /// Everything about how it came to be.
    pub decision: DecisionView,
    /// When it was made.
    pub created_at: String,
    /// When it is worth nothing any more.
    pub expires_at: String,
    /// When it stopped waiting.
    pub decided_at: Option<String>,
    /// What was sent.
    pub message_id: Option<String>,
    /// What a person made of it.
    pub final_text: Option<String>,
    /// How much they changed, between 0 and 1.
    pub distance: Option<f64>,
    /// Numbers, prices, dates and links they changed.
    pub facts_changed: Vec<String>,
    /// Why it was dismissed.
    #[ts(type = "DismissReason | null")]
    pub reason: Option<String>,
}

/// Drafts, those that wait longest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DraftList {
    /// The drafts.
    pub drafts: Vec<DraftView>,
}

/// What giving a conversation back found.
#[derive(Debug, Clone, Serialize, TS)]
pub struct HandBackView {
    /// The conversation as it stands now.
    pub conversation: super::ConversationView,
    /// Whether the customer's last words have no answer yet: offer to answer them now.
    pub open_question: bool,
}

/// A sentence a customer may say.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ExampleView {
    /// The words.
    pub text: String,
    /// Their language.
    #[ts(type = "Language | null")]
    pub language: Option<&'static str>,
    /// Whether it does *not* mean the skill.
    pub negative: bool,
}

/// A button below an answer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AnswerButtonView {
    /// What it says.
    pub title: String,
    /// The skill a tap asks for; `null`: its title is taken as the customer's words.
    pub skill_id: Option<String>,
}

/// What is answered in one language.
#[derive(Debug, Clone, Serialize, TS)]
pub struct AnswerView {
    /// The language; `null`: it serves for all.
    #[ts(type = "Language | null")]
    pub language: Option<&'static str>,
    /// The words with placeholders.
    pub text: String,
    /// At most three.
    pub buttons: Vec<AnswerButtonView>,
    /// SHA-256 of a stored file that goes with it.
    pub file: Option<String>,
}

/// How well the drafts of a skill did.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReadinessView {
    /// Drafts somebody decided about in the last 30 days.
    pub decided: u32,
    /// Of those, sent unchanged.
    pub unchanged: u32,
    /// Of those, sent after a light edit.
    pub light: u32,
    /// Of those, sent after a heavy edit.
    pub heavy: u32,
    /// Of those, dismissed.
    pub dismissed: u32,
    /// The share that was sent as it was or nearly, at least, with 95 % certainty; between 0 and 1.
    pub agreement: f64,
    /// Whether it may be trusted to answer by itself.
    pub ready: bool,
    /// How many more decided drafts are needed at least; 0 when enough.
    pub needed: u32,
    /// Hidden drafts beside which a person wrote their own answer.
    pub blind: u32,
    /// How alike the two were on average, between 0 and 1; `null`: there were none.
    pub alike: Option<f64>,
}

/// A skill.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SkillView {
    /// Its id.
    pub id: String,
    /// What the owner calls it.
    pub name: String,
    /// Whether it is used.
    pub enabled: bool,
    /// How much it may do by itself.
    #[ts(type = "BotMode")]
    pub autonomy: &'static str,
    /// Whether a person takes over whenever it is asked for.
    pub requires_human: bool,
    /// Whether it is sent only when the matcher is surer than usual.
    pub high_risk: bool,
    /// Not before.
    pub valid_from: Option<String>,
    /// Not after.
    pub valid_to: Option<String>,
    /// When of the day.
    #[ts(type = "SkillHours")]
    pub hours: &'static str,
    /// What customers say.
    pub examples: Vec<ExampleView>,
    /// What is answered.
    pub answers: Vec<AnswerView>,
    /// Raised by every change.
    pub version: u32,
    /// Placeholders of its answers nothing fills yet, such as `{business.hours}`; while there is one, nothing is sent.
    pub unfilled: Vec<String>,
    /// How well its drafts did.
    pub readiness: ReadinessView,
}

/// All skills, by name.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SkillList {
    /// The skills.
    pub skills: Vec<SkillView>,
    /// How long the matcher took to learn them, in milliseconds; `null` while it learns.
    pub trained_ms: Option<u32>,
}

/// A skill of the starter pack.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PackSkillView {
    /// Its name in the pack.
    pub key: String,
    /// What it would be called.
    pub name: String,
    /// Its answer in the language asked for.
    pub answer: String,
    /// Whether it is there already.
    pub added: bool,
}

/// The starter pack.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PackView {
    /// Languages it has.
    #[ts(type = "Language[]")]
    pub languages: Vec<&'static str>,
    /// Its skills.
    pub skills: Vec<PackSkillView>,
}

/// A document of the knowledge base.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DocumentView {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// Where it came from.
    #[ts(type = "DocumentSource")]
    pub source: &'static str,
    /// Where customers can read it.
    pub url: Option<String>,
    /// Its language.
    #[ts(type = "Language | null")]
    pub language: Option<&'static str>,
    /// Whether it is used.
    pub enabled: bool,
    /// Whether its words may be sent without a person looking.
    pub quotable: bool,
    /// Not after.
    pub valid_to: Option<String>,
    /// When it was changed last.
    pub updated_at: String,
    /// How many passages it has.
    pub passages: u32,
    /// Its text; only in the answer of `document` and of what saves one.
    pub text: Option<String>,
}

/// All documents, the one changed last first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct DocumentList {
    /// The documents.
    pub documents: Vec<DocumentView>,
}

/// A single fact.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FactView {
    /// What it is about.
    #[ts(type = "FactKind")]
    pub kind: &'static str,
    /// Its name within its kind.
    pub key: String,
    /// What it says.
    pub value: String,
    /// The language it is said in; `null`: it serves for all.
    #[ts(type = "Language | null")]
    pub language: Option<&'static str>,
    /// Not after.
    pub valid_to: Option<String>,
    /// How an answer names it, such as `{price:haircut}`.
    pub placeholder: String,
}

/// All facts.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FactList {
    /// The facts.
    pub facts: Vec<FactView>,
}

/// A question with the answer an operator gave, to be taken into the knowledge base.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PastReplyView {
    /// The answer's message, for `add_past_replies`.
    pub message_id: String,
    /// What the customer asked.
    pub question: String,
    /// What the operator answered.
    pub answer: String,
    /// When.
    pub at: String,
}

/// Such answers, the newest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct PastReplyList {
    /// The answers.
    pub replies: Vec<PastReplyView>,
}

/// Opening times of one day.
#[derive(Debug, Clone, Serialize, serde::Deserialize, TS)]
pub struct DayHours {
    /// 1 is Monday, 7 is Sunday.
    pub day: u8,
    /// When it opens, such as `09:00`.
    pub from: String,
    /// When it closes; before `from` means the next day.
    pub to: String,
}

/// When the shop is open.
#[derive(Debug, Clone, Default, Serialize, serde::Deserialize, TS)]
#[serde(default)]
pub struct HoursView {
    /// The time zone's name, such as `Europe/Berlin`; `null`: this computer's.
    pub zone: Option<String>,
    /// One entry for each stretch; empty: nobody said when.
    pub days: Vec<DayHours>,
    /// Dates on which it is closed, such as `2026-12-25`.
    pub closed: Vec<String>,
}

/// A question the assistant asks to learn about a lead.
#[derive(Debug, Clone, Serialize, serde::Deserialize, TS)]
pub struct IntakeView {
    /// Which field of a lead it fills.
    pub field: String,
    /// The question in each language, or one text under `""` for all.
    #[ts(type = "Record<string, string>")]
    pub question: std::collections::BTreeMap<String, String>,
}

/// A text of the assistant's own, as it stands.
#[derive(Debug, Clone, Serialize, TS)]
pub struct CannedView {
    /// Which text: `fallback`, `escalation.complaint.open`, `disclaimer` ...
    pub key: String,
    /// In which language.
    #[ts(type = "Language")]
    pub language: &'static str,
    /// The words in use.
    pub text: String,
    /// Whether the owner wrote them.
    pub own: bool,
}

/// How the assistant is set.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Debug, Clone, Serialize, TS)]
pub struct AssistantView {
    /// The switch for everything.
    #[ts(type = "BotMode")]
    pub global_mode: &'static str,
    /// Why the settings count as off although something else was chosen; `null`: they can be read.
    pub trouble: Option<String>,
    /// The shop's name, for answers.
    pub business_name: String,
    /// The language when it is not clear which one a customer speaks.
    #[ts(type = "Language")]
    pub language: &'static str,
    /// The country whose telephone numbers need no prefix, such as `DE`.
    pub region: Option<String>,
    /// Whether leads are read in mode off too.
    pub lead_capture: bool,
    /// Whether a model may read leads while a person holds the conversation.
    pub lead_model_when_held: bool,
    /// Whether one draft in ten stays hidden until the operator has answered.
    pub blind_sample: bool,
    /// What the assistant should know and never do, in the owner's words; for language models.
    pub instructions: String,
    /// Whether its first words say that an assistant writes.
    pub disclaimer: bool,
    /// Whether a customer who sends a file without words is asked, once a day, to write what it is about.
    pub file_notice: bool,
    /// When the shop is open.
    pub hours: HoursView,
    /// What it asks to learn about leads, in order.
    pub intake: Vec<IntakeView>,
    /// Its own texts.
    pub texts: Vec<CannedView>,
    /// Minutes after the last human message until a conversation goes back, per channel; 0: never.
    pub returns: Vec<ReturnView>,
}

/// When conversations of a channel go back to the assistant.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ReturnView {
    /// The channel.
    pub channel_id: String,
    /// Its name.
    pub name: String,
    /// Minutes; 0: never by itself.
    pub minutes: u32,
}
