//! Names the field and decides by pure functions: no I/O, no async, no clock.
//!
//! Every rule of the product that can be stated without a database or a network stands here, so that it can be
//! read and tested alone. Functions that depend on the time take it as an argument.

mod attachment;
mod blank;
mod channel;
mod connection;
mod contact;
mod conversation;
mod delivery;
mod distance;
mod id;
mod knowledge;
mod language;
mod lead;
mod message;
mod phone;
mod readiness;
mod registered;
mod routing;
mod send;
mod skill;
mod text_enum;
mod time;
mod turn;
mod window;

pub use attachment::{AttachmentState, ReactionBy, UploadState};
pub use blank::is_blank;
pub use channel::{BotMode, ChannelKind};
pub use connection::{
    Allowance, CLOCK_TOLERANCE, DELIVERY_TRIED, FREE_BYTES, FREE_REQUESTS, Gap, ListeningEnd,
    RegistrationStep, SECRET_OVERLAP, SHORTEST_GAP, SetupPage, StepState, StillToCome, TOKEN_WARNING,
    TunnelKind, allowance,
};
pub use contact::{Identity, IdentityKind, digits_only, initials, international};
pub use conversation::{Holder, MarkKind, PileFacts, Queue, SNOOZE_OVER, effective_mode, queue};
pub use delivery::{DeliveryEvent, DeliveryHistory, DeliveryStatus, Failure, Reached};
pub use distance::share_changed;
pub use id::{
    AttachmentId, ChannelId, ContactId, ConversationId, DecisionId, DocumentId, DraftId, EndpointId,
    JournalId, LeadId, MessageId, OutboxId, PassageId, SkillId, TurnId,
};
pub use knowledge::{
    Document, DocumentSource, Fact, FactKind, Passage, PassageScore, SearchTexts, TermColumn,
};
pub use language::Language;
pub use lead::{LEAD_FIELDS, LeadMethod, LeadStatus, LeadValue, Temperature};
pub use message::{
    Author, Direction, Forwarded, MessageKind, ReadMarks, Silence, Source, silence, sort_time,
};
pub use phone::other_spellings;
pub use readiness::Readiness;
pub use registered::needs_registration;
pub use routing::{
    Because, Cadence, DRAFT_LIFE, HeldBy, LONGEST_BURST, MUTE, STALE, Standing, TYPING, WINDOW_MARGIN, Wish,
    budget_spent, is_light_edit, is_loop, permit, quiet_time, route,
};
pub use send::{BotPermit, Next, OperatorPermit, OutboxState, Permit, SendClass, SendFailure, next_step};
pub use skill::{AnswerButton, Example, Skill, SkillAnswer, SkillHours};
pub use text_enum::UnknownWord;
pub use time::Timestamp;
pub use turn::{AnswerStep, DismissReason, DraftState, EscalationReason, TurnState, Verdict};
pub use window::{SERVICE_WINDOW, ServiceWindow};
