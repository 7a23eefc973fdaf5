//! What the assistant says when no skill does, in ten languages; the owner may put other words in their place.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use domain::{EscalationReason, Language};
use serde::{Deserialize, Serialize};

/// Titles of WhatsApp's buttons are no longer (whatsapp-cloud-api, section 5.3).
const LONGEST_TITLE: usize = 20;
/// Longer texts are cut by the provider (whatsapp-cloud-api, section 5.3: the body of a message with buttons).
const LONGEST_TEXT: usize = 1024;

static DEFAULTS: LazyLock<BTreeMap<String, HashMap<String, String>>> =
    LazyLock::new(|| toml::from_str(include_str!("../../packs/texts.toml")).unwrap_or_default());

/// Whether the shop is open, and what is known about when it will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hours {
    /// It is open, or has no opening hours.
    Open,
    /// It is closed; nobody knows until when.
    Closed,
    /// It is closed, and `{next_open}` is known.
    ClosedUntil,
}

impl Hours {
    const ALL: [Self; 3] = [Self::Open, Self::Closed, Self::ClosedUntil];

    fn suffix(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::ClosedUntil => "next_open",
        }
    }
}

/// A text that no skill holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CannedText {
    /// Nothing fits, and there are no topics to name.
    Fallback,
    /// Nothing fits; `{topics}` are what the assistant can help with, three at most.
    FallbackTopics,
    /// Above the buttons that ask what was meant.
    Clarify,
    /// The same for channels without buttons; `{choices}` is a line for each, with its number.
    ClarifyNumbered,
    /// On the button that asks for a person; 20 characters at most.
    PersonButton,
    /// A person is needed.
    Escalation(EscalationReason),
    /// Half an hour later nobody has answered yet.
    StillWaiting,
    /// The skill of a tapped button is no longer used.
    SkillDisabled,
    /// After a stop word.
    StopConfirmed,
    /// After a stop was taken back.
    StartedAgain,
    /// For a voice message, picture or file without words.
    MediaNotice,
    /// That an assistant writes; below its first message.
    Disclaimer,
}

impl CannedText {
    /// Returns all of them.
    pub fn all() -> impl Iterator<Item = Self> {
        let plain = [
            Self::Fallback,
            Self::FallbackTopics,
            Self::Clarify,
            Self::ClarifyNumbered,
            Self::PersonButton,
            Self::StillWaiting,
            Self::SkillDisabled,
            Self::StopConfirmed,
            Self::StartedAgain,
            Self::MediaNotice,
            Self::Disclaimer,
        ];
        plain
            .into_iter()
            .chain(EscalationReason::ALL.iter().copied().map(Self::Escalation))
    }

    /// Returns the stable name, as overrides are kept under: `fallback`, `escalation.refund`.
    pub fn key(self) -> String {
        match self {
            Self::Escalation(reason) => format!("escalation.{reason}"),
            Self::Fallback => "fallback".to_owned(),
            Self::FallbackTopics => "fallback_topics".to_owned(),
            Self::Clarify => "clarify".to_owned(),
            Self::ClarifyNumbered => "clarify_numbered".to_owned(),
            Self::PersonButton => "person_button".to_owned(),
            Self::StillWaiting => "still_waiting".to_owned(),
            Self::SkillDisabled => "skill_disabled".to_owned(),
            Self::StopConfirmed => "stop_confirmed".to_owned(),
            Self::StartedAgain => "started_again".to_owned(),
            Self::MediaNotice => "media_notice".to_owned(),
            Self::Disclaimer => "disclaimer".to_owned(),
        }
    }

    /// The placeholder this text needs.
    fn placeholder(self, hours: Hours) -> Option<&'static str> {
        match (self, hours) {
            (Self::FallbackTopics, _) => Some("{topics}"),
            (Self::ClarifyNumbered, _) => Some("{choices}"),
            (Self::Escalation(_), Hours::ClosedUntil) => Some("{next_open}"),
            _ => None,
        }
    }
}

/// What is wrong with a text the owner wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WrongText {
    /// There is no text of this name or in this language.
    #[error("there is no text {0:?}")]
    Unknown(String),
    /// The title of a button has more than 20 characters.
    #[error("{0:?} has more than 20 characters")]
    TooLongForAButton(String),
    /// No message may be this long.
    #[error("{0:?} has more than 1024 characters")]
    TooLong(String),
    /// It needs something that would never be filled in, or lacks what it is for.
    #[error("{key:?} needs {needs:?} and no other placeholder")]
    Placeholder {
        /// Which text.
        key: String,
        /// What it has to hold; empty for nothing.
        needs: String,
    },
}

/// The canned texts: ours, and the owner's in their place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts {
    /// By name (`fallback`, `escalation.refund`, `escalation.refund.closed`), then by language.
    overrides: BTreeMap<String, BTreeMap<String, String>>,
}

impl Texts {
    /// Puts the owner's words in the place of ours; an empty text means that nothing is said.
    ///
    /// For escalations, `hours` says for when: for all hours at once when it is none.
    pub fn set(
        &mut self,
        kind: CannedText,
        hours: Option<Hours>,
        language: Language,
        text: String,
    ) -> Result<(), WrongText> {
        let key = match (kind, hours) {
            (CannedText::Escalation(_), Some(hours)) => format!("{}.{}", kind.key(), hours.suffix()),
            _ => kind.key(),
        };
        check(kind, hours, &key, &text)?;
        self.overrides
            .entry(key)
            .or_default()
            .insert(language.to_string(), text);
        Ok(())
    }

    /// Whether the owner put words of their own in the place of ours.
    pub fn is_own(&self, kind: CannedText, language: Language) -> bool {
        self.overrides
            .get(&kind.key())
            .is_some_and(|texts| texts.contains_key(language.as_str()))
    }

    /// Returns the names of all texts, those about a person with the hours they are for: `escalation.refund.closed`.
    pub fn keys() -> Vec<String> {
        CannedText::all()
            .flat_map(|kind| match kind {
                CannedText::Escalation(_) => Hours::ALL
                    .iter()
                    .map(|hours| format!("{}.{}", kind.key(), hours.suffix()))
                    .collect(),
                _ => vec![kind.key()],
            })
            .collect()
    }

    /// Returns what a text of this name says now, and whether the owner wrote it; none when nothing is said.
    pub fn named(&self, key: &str, language: Language) -> Option<(String, bool)> {
        let (kind, hours) = named(key)?;
        let written = |key: &str| {
            self.overrides
                .get(key)
                .is_some_and(|texts| texts.contains_key(language.as_str()))
        };
        let own = written(key) || written(&kind.key());
        let text = self.text(kind, language, hours.unwrap_or(Hours::Open));
        Some((text.unwrap_or_default(), own))
    }

    /// Puts the owner's words in the place of a text by its name; without words, goes back to ours.
    pub fn set_named(&mut self, key: &str, language: Language, text: &str) -> Result<(), WrongText> {
        let (kind, hours) = named(key).ok_or_else(|| WrongText::Unknown(key.to_owned()))?;
        if !text.trim().is_empty() {
            return self.set(kind, hours, language, text.trim().to_owned());
        }
        if let Some(texts) = self.overrides.get_mut(key) {
            texts.remove(language.as_str());
        }
        self.overrides.retain(|_, texts| !texts.is_empty());
        Ok(())
    }

    /// Goes back to our words.
    pub fn forget(&mut self, kind: CannedText, language: Language) {
        let key = kind.key();
        let under = format!("{key}.");
        for (name, texts) in &mut self.overrides {
            if *name == key || name.starts_with(&under) {
                texts.remove(language.as_str());
            }
        }
        self.overrides.retain(|_, texts| !texts.is_empty());
    }

    /// Returns what is wrong with the owner's texts, such as those read from a file.
    pub fn wrong(&self) -> Vec<WrongText> {
        let mut wrong = Vec::new();
        for (key, texts) in &self.overrides {
            let Some((kind, hours)) = named(key) else {
                wrong.push(WrongText::Unknown(key.clone()));
                continue;
            };
            for (tag, text) in texts {
                if tag.parse::<Language>().is_err() {
                    wrong.push(WrongText::Unknown(format!("{key} {tag}")));
                }
                wrong.extend(check(kind, hours, key, text).err());
            }
        }
        wrong
    }

    /// Returns what is said, its placeholders still in it; none when nothing is to be said.
    ///
    /// A loop gets no text, since words would feed it. `hours` matters only when a person is needed.
    pub fn text(&self, kind: CannedText, language: Language, hours: Hours) -> Option<String> {
        let own = |key: String| {
            self.overrides
                .get(&key)
                .and_then(|texts| texts.get(language.as_str()))
        };
        let override_ = match kind {
            CannedText::Escalation(_) => own(format!("{}.{}", kind.key(), hours.suffix())),
            _ => None,
        };
        if let Some(text) = override_.or_else(|| own(kind.key())) {
            return Some(text.clone()).filter(|text| !text.trim().is_empty());
        }
        let CannedText::Escalation(reason) = kind else {
            return default(&kind.key(), language).map(str::to_owned);
        };
        let why = match reason {
            EscalationReason::Loop => return None,
            EscalationReason::Model
            | EscalationReason::Guard
            | EscalationReason::Technical
            | EscalationReason::HandedOver => default("reason_other", language),
            _ => default(&format!("reason_{reason}"), language),
        }?;
        let then = default(&format!("then_{}", hours.suffix()), language)?;
        Some(format!("{why} {then}"))
    }
}

/// Ours, in English where a language lacks it.
fn default(key: &str, language: Language) -> Option<&'static str> {
    let of = |language: Language| DEFAULTS.get(language.as_str())?.get(key).map(String::as_str);
    of(language).or_else(|| of(Language::English))
}

/// The text a name is of.
fn named(key: &str) -> Option<(CannedText, Option<Hours>)> {
    CannedText::all().find_map(|kind| {
        let name = kind.key();
        if name == key {
            return Some((kind, None));
        }
        let escalation = matches!(kind, CannedText::Escalation(_));
        let hours = Hours::ALL
            .into_iter()
            .find(|hours| format!("{name}.{}", hours.suffix()) == key)?;
        escalation.then_some((kind, Some(hours)))
    })
}

fn check(kind: CannedText, hours: Option<Hours>, key: &str, text: &str) -> Result<(), WrongText> {
    let length = text.encode_utf16().count();
    if kind == CannedText::PersonButton && (length > LONGEST_TITLE || text.trim().is_empty()) {
        return Err(WrongText::TooLongForAButton(key.to_owned()));
    }
    if length > LONGEST_TEXT {
        return Err(WrongText::TooLong(key.to_owned()));
    }
    // What opens when is not known in every case, so a text for all hours must do without it.
    let needs = kind.placeholder(hours.unwrap_or(Hours::Open));
    let left = needs.map_or_else(|| text.to_owned(), |needs| text.replace(needs, ""));
    let lacks = matches!(kind, CannedText::FallbackTopics | CannedText::ClarifyNumbered)
        && needs.is_some_and(|needs| !text.contains(needs));
    if left.contains(['{', '}']) || (lacks && !text.trim().is_empty()) {
        let needs = needs.unwrap_or_default().to_owned();
        return Err(WrongText::Placeholder {
            key: key.to_owned(),
            needs,
        });
    }
    Ok(())
}
