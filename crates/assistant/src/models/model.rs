//! What a language model is to the assistant: a place that gets a question and gives a text back.

use super::openai::Manners;
use super::trouble::Trouble;
use super::usage::Usage;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How an answer is made to have a form. Tried from the strictest to the loosest (assistant.md, section 3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// The server is given a JSON schema and promises to keep to it.
    Schema,
    /// The model has to call the one tool there is, whose arguments are the answer. The tool does nothing.
    Tool,
    /// The server promises JSON of any form.
    Json,
    /// The model is asked to write JSON, and once to repair it.
    Text,
}

/// The form an answer should have.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Its name: small letters and `_`.
    pub name: &'static str,
    /// What it is for.
    pub about: &'static str,
    /// The JSON schema: every property required, nothing additional, since strict servers take nothing else.
    pub schema: Value,
}

/// One thing said between us and the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// By us.
    Us(String),
    /// By the model.
    Model(String),
}

/// A question to a model.
#[derive(Debug, Clone)]
pub struct Question<'a> {
    /// Who the model is and what it must not do.
    pub system: &'a str,
    /// What was said; the last is ours.
    pub said: &'a [Said],
    /// The form of the answer; none: any text.
    pub shape: Option<&'a Shape>,
    /// How the form is asked for.
    pub rung: Rung,
    /// The longest answer, in tokens.
    pub longest: u32,
    /// Whether the answer should come word by word.
    pub stream: bool,
}

/// When to stop waiting.
#[derive(Debug, Clone)]
pub struct Care {
    /// Until when the first word has to come, for answers that come word by word.
    pub first_word: Duration,
    /// Until when everything has to be there.
    pub until: Instant,
    /// Cancelled when nobody wants the answer any more. The connection is then closed at once.
    pub cancel: CancellationToken,
}

/// Why a model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// It was done.
    Done,
    /// It ran out of room.
    OutOfRoom,
    /// It did not want to go on.
    Declined,
}

/// What a model said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its words, or the arguments of the tool it called.
    pub text: String,
    /// Why it stopped.
    pub finish: Finish,
    /// Whether the words came one by one.
    pub streamed: bool,
}

/// One request and what came of it, for the operator to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Where it went.
    pub url: String,
    /// The body that left, byte by byte. The key travels in a header and stands nowhere here. Empty: nothing left.
    pub sent: String,
    /// What came back, up to 64 KiB, without the key if the other side quoted it.
    pub received: String,
    /// The HTTP status, when there was an answer.
    pub status: Option<u16>,
    /// What the form was asked with.
    pub rung: Rung,
    /// Tokens in and out, as the server counted them, or estimated.
    pub usage: Usage,
    /// From the first byte out to the last byte in.
    pub took: Duration,
    /// From the first byte out to the first word.
    pub first_word: Option<Duration>,
    /// What came of it.
    pub outcome: Result<Reply, Trouble>,
}

/// Vectors for texts.
#[derive(Debug, Clone, PartialEq)]
pub struct Embedded {
    /// One for each text, in the same order, all of the same length.
    pub vectors: Vec<Vec<f32>>,
    /// The model that made them; vectors of different models cannot be compared.
    pub model: String,
    /// Tokens that were counted.
    pub usage: Usage,
    /// The body that left.
    pub sent: String,
}

/// What a server says about one of its models.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// Its name, as the server wants to hear it.
    pub model: String,
    /// How many tokens it can look at, when the server says so.
    pub context: Option<u32>,
    /// Whether it is for embeddings only.
    pub embeds: bool,
    /// Whether the question leaves the house although the server stands in it.
    pub elsewhere: bool,
}

/// Something that will be there later.
pub type Later<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Hears each piece of an answer as it comes.
pub type Hearer<'a> = &'a mut (dyn FnMut(&str) + Send);

/// A language model of a provider.
pub trait LanguageModel: Send + Sync + fmt::Debug {
    /// The model's name.
    fn model(&self) -> &str;

    /// What the owner calls the place it runs at.
    fn place_name(&self) -> &str;

    /// Whether what is sent stays in the house.
    fn is_local(&self) -> bool;

    /// The rungs its provider has, strictest first.
    fn rungs(&self) -> &'static [Rung];

    /// Asks once. Never retries; dropping the future or cancelling closes the connection.
    fn ask<'a>(&'a self, question: &'a Question<'a>, care: &'a Care, hear: Hearer<'a>)
    -> Later<'a, Exchange>;

    /// The models the server offers.
    fn offers(&self, limit: Duration) -> Later<'_, Result<Vec<Offer>, Trouble>>;

    /// How many tokens a program in the house, such as Ollama, will look at, when it says so.
    fn context_in_house(&self, _limit: Duration) -> Later<'_, Option<u32>> {
        Box::pin(std::future::ready(None))
    }

    /// What was learnt about the server's dislikes.
    fn manners(&self) -> Manners {
        Manners::default()
    }

    /// Vectors for `texts`, by `model`.
    fn embed<'a>(
        &'a self,
        model: &'a str,
        texts: &'a [String],
        care: &'a Care,
    ) -> Later<'a, Result<Embedded, Trouble>>;
}
