//! What a window is shown of a person.

use serde::Serialize;
use ts_rs::TS;

/// A person.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ContactView {
    /// The contact's id.
    pub id: String,
    /// The name they go by; their user name or number when they have none.
    pub name: String,
    /// Up to two letters for the avatar.
    pub initials: String,
    /// Their phone number with `+`, when it is known.
    pub phone: Option<String>,
    /// Their user name with `@`, when they have one.
    pub username: Option<String>,
    /// Whether this is a group of people.
    pub group: bool,
    /// Whether we blocked them.
    pub blocked: bool,
    /// Whether they said stop to promotions.
    pub marketing_stopped: bool,
}

/// One name a provider knows a person by.
#[derive(Debug, Clone, Serialize, TS)]
pub struct IdentityView {
    /// What kind of name.
    #[ts(type = "IdentityKind")]
    pub kind: &'static str,
    /// The name, numbers with `+`.
    pub value: String,
    /// When it was first seen.
    pub learnt_at: String,
}

/// Two contacts that turned out to be one.
#[derive(Debug, Clone, Serialize, TS)]
pub struct MergeView {
    /// Its id, for `undo_merge`.
    pub merge_id: String,
    /// What the other one was called.
    pub name: String,
    /// What showed that they are one, in plain words.
    pub reason: String,
    /// When.
    pub at: String,
}

/// Everything that is known about a person.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ContactDetails {
    /// The person.
    pub contact: ContactView,
    /// Their names at the provider.
    pub identities: Vec<IdentityView>,
    /// When we first met.
    pub first_seen_at: String,
    /// When they said stop to promotions.
    pub marketing_stopped_at: Option<String>,
    /// When we blocked them.
    pub blocked_at: Option<String>,
    /// Contacts that were found to be this person, the latest first; undone ones are left out.
    pub merges: Vec<MergeView>,
    /// Messages with this person.
    pub messages: u32,
}
