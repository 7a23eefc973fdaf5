//! Language models: clients, what they may cost and see, and what counts as an answer of theirs.
//!
//! Nothing is ever sent unless the owner configured a provider. [`Brain`] is what the rest of the assistant talks to:
//! it asks for permission (breaker, budget), masks what leaves the house, asks for a form on a ladder of ways, and
//! returns the answer with everything that travelled. An answer has been measured against the sources' ids and the
//! language by then, not against the truth: that is for the guards.

mod answer;
mod anthropic;
mod brain;
mod breaker;
mod budget;
mod discover;
mod embed;
mod ladder;
mod mask;
mod model;
mod no_answer;
mod openai;
mod peek;
mod place;
mod probe;
mod prompt;
mod quoted;
mod refusal;
mod sse;
mod trouble;
mod usage;
mod wire;

pub use answer::{Action, Measure, Rejection, TypedAnswer, read, shape};
pub use anthropic::{ANTHROPIC_URL, Anthropic};
pub use brain::{Brain, BrainSettings, Call, Deadlines, Occasion};
pub use breaker::Breaker;
pub use budget::{Budget, Limits, SetAside, day_of};
pub use discover::{Found, Ports, Program, discover};
pub use embed::{dot, from_bytes, fused, nearest, normalised, to_bytes};
pub use mask::Veil;
pub use model::{
    Care, Embedded, Exchange, Finish, Hearer, LanguageModel, Later, Offer, Question, Reply, Rung, Said, Shape,
};
pub use no_answer::{NO_ANSWER, is_no_answer};
pub use openai::{Manners, OpenAiCompatible};
pub use place::{Place, runs_elsewhere};
pub use probe::{Capabilities, Probed, Unprobed, probe};
pub use prompt::{Composed, FACTS, Line, Marks, Prompt};
pub use trouble::{Trouble, TroubleKind};
pub use usage::{Prices, Usage, estimated_tokens};
