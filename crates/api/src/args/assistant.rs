//! What the assistant's commands take.

use crate::views::{HoursView, IntakeView};
use serde::Deserialize;
use ts_rs::TS;

/// Arguments of `hand_back`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct HandBack {
    /// Which conversation.
    pub conversation_id: String,
    /// Whether the customer's open question is answered now; left out: it is not.
    #[ts(optional)]
    pub answer_now: Option<bool>,
}

/// Arguments of `list_drafts`.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct ListDrafts {
    /// Only of this conversation.
    #[ts(optional)]
    pub conversation_id: Option<String>,
    /// `pending` when left out; `all` for decided ones too, the newest first.
    #[ts(optional, type = "\"pending\" | \"all\"")]
    pub state: Option<String>,
    /// How many at most; 50 when left out, never more than 200.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// Arguments of `approve_draft`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ApproveDraft {
    /// Which draft.
    pub draft_id: String,
    /// What is sent instead; left out: the draft as it is.
    #[ts(optional)]
    pub text: Option<String>,
}

/// Arguments of `dismiss_draft`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DismissDraft {
    /// Which draft.
    pub draft_id: String,
    /// Why: `wrong`, `tone`, `outdated`, `not_needed`, `own_words`, or words of one's own.
    pub reason: String,
}

/// Arguments of `decision`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DecisionArgs {
    /// Which decision.
    pub decision_id: String,
}

/// An example of a skill: its words alone, or with more about it.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(untagged)]
pub enum ExampleArg {
    /// The words.
    Words(String),
    /// The words and what they are.
    Full {
        /// The words.
        text: String,
        /// Their language.
        #[ts(optional, type = "Language | null")]
        language: Option<String>,
        /// Whether they do *not* mean the skill.
        #[ts(optional)]
        negative: Option<bool>,
    },
}

/// A button of an answer.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AnswerButtonArg {
    /// What it says; 20 characters at most.
    pub title: String,
    /// The skill a tap asks for.
    #[ts(optional, type = "string | null")]
    pub skill_id: Option<String>,
}

/// An answer in one language.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AnswerArg {
    /// The language; none: it serves for all.
    #[ts(optional, type = "Language | null")]
    pub language: Option<String>,
    /// The words with placeholders.
    pub text: String,
    /// At most three.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<AnswerButtonArg>>")]
    pub buttons: Vec<AnswerButtonArg>,
    /// A file handed in with `upload`, or the SHA-256 of one that is kept already.
    #[ts(optional, type = "string | null")]
    pub file: Option<String>,
}

/// Arguments of `save_skill`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SaveSkill {
    /// Which skill; left out: the one with this name, or a new one.
    #[ts(optional, type = "string | null")]
    pub skill_id: Option<String>,
    /// What it is called.
    pub name: String,
    /// What customers say.
    pub examples: Vec<ExampleArg>,
    /// What is answered, in all languages.
    #[ts(optional, type = "string | null")]
    pub answer: Option<String>,
    /// What is answered, by language; instead of `answer` or beside it.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<AnswerArg>>")]
    pub answers: Vec<AnswerArg>,
    /// Whether a person takes over whenever it is asked for.
    #[ts(optional)]
    pub requires_human: Option<bool>,
    /// `off`, `shadow`, `bot`; a new skill answers by itself when left out.
    #[ts(optional, type = "BotMode")]
    pub autonomy: Option<String>,
    /// Whether it is used.
    #[ts(optional)]
    pub enabled: Option<bool>,
    /// Whether it is sent only when the matcher is surer than usual.
    #[ts(optional)]
    pub high_risk: Option<bool>,
    /// Not before; RFC 3339.
    #[ts(optional, type = "string | null")]
    pub valid_from: Option<String>,
    /// Not after; RFC 3339.
    #[ts(optional, type = "string | null")]
    pub valid_to: Option<String>,
    /// When of the day.
    #[ts(optional, type = "SkillHours")]
    pub hours: Option<String>,
}

/// A command about a skill.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SkillArgs {
    /// Which skill.
    pub skill_id: String,
}

/// Arguments of `starter_pack`.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct StarterPack {
    /// The language answers are shown in.
    #[ts(optional, type = "Language")]
    pub language: Option<String>,
}

/// Arguments of `add_pack`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AddPack {
    /// Skills of the pack by their names in it; all when left out.
    #[ts(optional)]
    pub keys: Option<Vec<String>>,
    /// Languages to take; all when left out.
    #[ts(optional, type = "Language[]")]
    pub languages: Option<Vec<String>>,
}

/// Arguments of `save_document`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SaveDocument {
    /// Which document; left out: the one with this title, or a new one.
    #[ts(optional, type = "string | null")]
    pub document_id: Option<String>,
    /// What it is called.
    pub title: String,
    /// Its text; Markdown headings and lists of questions and answers are understood.
    pub text: String,
    /// Where customers can read it.
    #[ts(optional, type = "string | null")]
    pub url: Option<String>,
    /// Whether it is used.
    #[ts(optional)]
    pub enabled: Option<bool>,
    /// Whether its words may be sent without a person looking.
    #[ts(optional)]
    pub quotable: Option<bool>,
    /// Not after; RFC 3339.
    #[ts(optional, type = "string | null")]
    pub valid_to: Option<String>,
}

/// Arguments of `import_document`: a file handed in with `upload`, or one on this computer.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ImportDocument {
    /// The file that was handed in.
    #[ts(optional)]
    pub upload_id: Option<String>,
    /// The file on this computer.
    #[ts(optional)]
    pub path: Option<String>,
    /// What it is called; the file's name when left out.
    #[ts(optional)]
    pub title: Option<String>,
}

/// A command about a document.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct DocumentArgs {
    /// Which document.
    pub document_id: String,
}

/// A fact to keep.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct FactArg {
    /// What it is about.
    #[ts(type = "FactKind")]
    pub kind: String,
    /// Its name within its kind; for hours, address and phone of the shop it may be empty.
    pub key: String,
    /// What it says; empty removes it.
    pub value: String,
    /// The language it is said in.
    #[ts(optional, type = "Language | null")]
    pub language: Option<String>,
    /// Not after; RFC 3339.
    #[ts(optional, type = "string | null")]
    pub valid_to: Option<String>,
}

/// Arguments of `save_facts`: all facts there are from now on.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SaveFacts {
    /// The facts.
    pub facts: Vec<FactArg>,
}

/// Arguments of `add_past_replies`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct AddPastReplies {
    /// The answers' messages.
    pub message_ids: Vec<String>,
}

/// Arguments of `set_fallback`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SetFallback {
    /// What is said when nothing is found, in all languages; `{topics}` names what can be asked. Empty: our own text.
    pub text: String,
    /// Only in this language.
    #[ts(optional, type = "Language | null")]
    pub language: Option<String>,
}

/// One of the assistant's own texts.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct CannedArg {
    /// Which text.
    pub key: String,
    /// In which language.
    #[ts(type = "Language")]
    pub language: String,
    /// The words; empty: our own.
    pub text: String,
}

/// When conversations of a channel go back to the assistant.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ReturnArg {
    /// The channel.
    pub channel_id: String,
    /// Minutes after the last human message; 0: never by itself.
    pub minutes: u32,
}

/// Arguments of `save_assistant`; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct SaveAssistant {
    /// The shop's name.
    #[ts(optional)]
    pub business_name: Option<String>,
    /// The language when it is not clear.
    #[ts(optional, type = "Language")]
    pub language: Option<String>,
    /// The country whose telephone numbers need no prefix; empty: none.
    #[ts(optional)]
    pub region: Option<String>,
    /// Whether leads are read in mode off too.
    #[ts(optional)]
    pub lead_capture: Option<bool>,
    /// Whether a model may read leads while a person holds the conversation.
    #[ts(optional)]
    pub lead_model_when_held: Option<bool>,
    /// Whether one draft in ten stays hidden.
    #[ts(optional)]
    pub blind_sample: Option<bool>,
    /// What the assistant should know and never do.
    #[ts(optional)]
    pub instructions: Option<String>,
    /// Whether its first words say that an assistant writes.
    #[ts(optional)]
    pub disclaimer: Option<bool>,
    /// Whether a customer who sends a file without words is asked, once a day, to write what it is about.
    #[ts(optional = nullable)]
    pub file_notice: Option<bool>,
    /// When the shop is open.
    #[ts(optional)]
    pub hours: Option<HoursView>,
    /// What it asks to learn about leads.
    #[ts(optional)]
    pub intake: Option<Vec<IntakeView>>,
    /// Its own texts.
    #[ts(optional)]
    pub texts: Option<Vec<CannedArg>>,
    /// When conversations go back.
    #[ts(optional)]
    pub returns: Option<Vec<ReturnArg>>,
}

/// Arguments of `try_sentence`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct TrySentence {
    /// What a customer might say.
    pub text: String,
}

/// One line of a pretended chat.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ChatLine {
    /// Who says it.
    #[ts(type = "\"customer\" | \"assistant\" | \"operator\"")]
    pub author: String,
    /// What.
    pub text: String,
}

/// Arguments of `simulate`: a chat without a channel. Nothing is stored and nothing leaves.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct Simulate {
    /// What was said so far, the oldest first; the last line is the customer's.
    pub lines: Vec<ChatLine>,
    /// Whether the language model may be asked; it is not when left out.
    #[ts(optional)]
    pub model: Option<bool>,
}

/// Arguments of `save_model`; the key stays when it is left out.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SaveModel {
    /// `none`, `openai`, `anthropic`.
    #[ts(type = "\"none\" | \"openai\" | \"anthropic\"")]
    pub kind: String,
    /// Where it is; the provider's own address when left out.
    #[ts(optional, type = "string | null")]
    pub base_url: Option<String>,
    /// Which model.
    #[ts(optional, type = "string | null")]
    pub model: Option<String>,
    /// The key.
    #[ts(optional, type = "string | null")]
    pub key: Option<String>,
    /// Price of a million tokens sent.
    #[ts(optional)]
    pub price_in: Option<f64>,
    /// Price of a million tokens received.
    #[ts(optional)]
    pub price_out: Option<f64>,
    /// The most a day may cost.
    #[ts(optional, type = "number | null")]
    pub daily_limit: Option<f64>,
    /// The most tokens of a day for one customer; 0: no limit.
    #[ts(optional, type = "number")]
    pub contact_tokens: Option<u64>,
    /// Whether passages are compared by meaning too. The documents are sent to the model for it.
    #[ts(optional)]
    pub embeddings: Option<bool>,
    /// The model that makes vectors for that; when left out one the server names, else the same.
    #[ts(optional, type = "string | null")]
    pub embedding_model: Option<String>,
}

/// Arguments of `list_model_calls`.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct ListModelCalls {
    /// Only about this conversation.
    #[ts(optional)]
    pub conversation_id: Option<String>,
    /// How many at most; 50 when left out.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// Arguments of `model_call`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ModelCallArgs {
    /// Which question.
    pub call_id: String,
}

/// Arguments of `label_message`: what a customer meant.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct LabelMessage {
    /// What was said.
    pub message_id: String,
    /// The skill that was meant; `null`: none of them.
    #[ts(type = "string | null")]
    pub skill_id: Option<String>,
    /// Whether its words become an example of the skill too.
    #[ts(optional)]
    pub add_example: Option<bool>,
}

/// Arguments of `set_test_contact`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SetTestContact {
    /// Who.
    pub contact_id: String,
    /// Whether it is a test person.
    pub test: bool,
}

/// Arguments of `list_leads`.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(default)]
pub struct ListLeads {
    /// Only those that stand so.
    #[ts(optional, type = "LeadStatus")]
    pub status: Option<String>,
    /// Only those.
    #[ts(optional, type = "Temperature")]
    pub temperature: Option<String>,
    /// Only those of this channel.
    #[ts(optional)]
    pub channel_id: Option<String>,
    /// Only those of which this field is known.
    #[ts(optional)]
    pub field: Option<String>,
    /// Only those whose name or values contain this.
    #[ts(optional)]
    pub text: Option<String>,
    /// Only those that changed since; RFC 3339.
    #[ts(optional)]
    pub since: Option<String>,
    /// Where the page begins, from the page before.
    #[ts(optional)]
    pub cursor: Option<String>,
    /// How many at most; 50 when left out, never more than 200.
    #[ts(optional)]
    pub limit: Option<u32>,
}

/// Arguments of `set_lead_value`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SetLeadValue {
    /// Whose: the conversation's customer gets a lead when they have none.
    pub conversation_id: String,
    /// Which field.
    pub field: String,
    /// What a person says it is; empty: there is none. It is locked.
    pub value: String,
}

/// Arguments of `return_lead_value`: extraction may fill the field again.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct ReturnLeadValue {
    /// Whose.
    pub lead_id: String,
    /// Which field.
    pub field: String,
}

/// Arguments of `set_lead_status`.
#[derive(Debug, Clone, Deserialize, TS)]
pub struct SetLeadStatus {
    /// Whose.
    pub lead_id: String,
    /// Where it stands.
    #[ts(type = "LeadStatus")]
    pub status: String,
}
