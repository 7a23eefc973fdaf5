//! What a window is shown of language models: the one in use, what it was asked, what it is writing.

use serde::Serialize;
use ts_rs::TS;

/// A server with language models that was found on this computer.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FoundModelsView {
    /// `Ollama`, `LM Studio`.
    pub name: String,
    /// Its address.
    pub base_url: String,
    /// Its models.
    pub models: Vec<String>,
}

/// Servers that were found.
#[derive(Debug, Clone, Serialize, TS)]
pub struct FoundModelsList {
    /// The servers.
    pub found: Vec<FoundModelsView>,
}

/// The language model in use.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ModelView {
    /// `none`, `openai` (and everything that speaks like it), `anthropic`.
    #[ts(type = "\"none\" | \"openai\" | \"anthropic\"")]
    pub kind: String,
    /// Where it is.
    pub base_url: Option<String>,
    /// Which model.
    pub model: Option<String>,
    /// Whether a key is kept.
    pub has_key: bool,
    /// Whether it runs on this computer or in this network.
    pub local: bool,
    /// What it can do, as found when it was set up: `json_schema`, `tools`, `streaming`, `embeddings`.
    pub abilities: Vec<String>,
    /// Price of a million tokens sent, in the owner's currency.
    pub price_in: f64,
    /// Price of a million tokens received.
    pub price_out: f64,
    /// The most a day may cost; `null`: no limit.
    pub daily_limit: Option<f64>,
    /// What today cost so far.
    pub spent_today: f64,
    /// The most tokens of a day for one customer; 0: no limit.
    #[ts(type = "number")]
    pub contact_tokens: u64,
    /// Whether passages are compared by meaning too.
    pub embeddings: bool,
    /// The model that makes vectors for that; `null`: the same.
    pub embedding_model: Option<String>,
    /// What is wrong and what to do; `null`: nothing.
    pub trouble: Option<String>,
    /// Until when it is not asked because of failures.
    pub resting_until: Option<String>,
}

/// One question to a language model.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ModelCallView {
    /// Its id.
    pub id: String,
    /// When.
    pub at: String,
    /// What for.
    #[ts(type = "\"answer\" | \"leads\" | \"probe\" | \"embed\" | \"simulate\"")]
    pub purpose: String,
    /// Where it went.
    pub host: String,
    /// Which model.
    pub model: String,
    /// Exactly what left this computer, without the key; only in the answer of `model_call`.
    pub sent: Option<String>,
    /// What came back; only in the answer of `model_call`.
    pub received: Option<String>,
    /// What went wrong.
    pub trouble: Option<String>,
    /// Tokens sent.
    pub tokens_in: u32,
    /// Tokens received.
    pub tokens_out: u32,
    /// What it cost, in the owner's currency.
    pub cost: f64,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
}

/// Such questions, the newest first.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ModelCallList {
    /// The questions.
    pub calls: Vec<ModelCallView>,
}

/// What a language model is writing in a conversation at the moment. It is unchecked and cannot be sent: when it is
/// whole and was checked, there is a draft or a message.
#[derive(Debug, Clone, Serialize, TS)]
pub struct WritingView {
    /// The text so far, empty while it has no words yet; `null`: nothing is being written.
    pub text: Option<String>,
}
