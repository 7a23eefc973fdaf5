//! The hard rules: which words alone decide what happens, before anything is looked up or learned.

use std::sync::LazyLock;

use domain::EscalationReason;

use super::patterns::{Denial, Rule};
use super::quiet;
use crate::text::words;

/// What words of a customer mean whatever else the shop knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Sign {
    /// No more messages, please; nearly the whole message says so, or it says so beyond doubt.
    Stop,
    /// After a stop: messages are welcome again.
    StartAgain,
    /// The customer asks for a person.
    AsksForPerson,
    /// It is about health: a reaction, a medicine, an injury.
    Medical,
    /// It is about law, lawyers, courts or the police.
    Legal,
    /// The customer asks what is known about them, or to be erased.
    Privacy,
    /// The customer wants money back.
    Refund,
    /// The customer wants to cancel.
    Cancel,
    /// The customer complains.
    Complaint,
    /// The customer says that they have paid, or sends the proof.
    PaymentProof,
    /// Bad words, or capitals and exclamation marks.
    Anger,
    /// The assistant gets on the customer's nerves. No reason by itself, but together with a miss.
    Frustration,
    /// Nothing but "ok", "thanks", a thumb: no answer is needed.
    Acknowledgement,
    /// Nothing but "hello".
    Greeting,
}

/// Commands of messengers that have them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// `/start`: somebody opened the chat.
    Start,
    /// `/help`.
    Help,
    /// `/stop`.
    Stop,
    /// `/human`.
    Person,
}

/// A sign and the words it was read from, for the reason the operator sees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was found.
    pub sign: Sign,
    /// The words, as the assistant compares them.
    pub words: String,
}

/// What the hard rules make of a message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Look {
    found: Vec<Found>,
    command: Option<Command>,
}

/// The order in which signs become the reason of an escalation, the first one that is there.
///
/// Who asks for a person says so themselves, and it is answered as said. Then what costs most when it is missed: health,
/// law, personal data; then money, then displeasure. A payment comes before anger, because it can be looked up. Cancelling
/// shares its reason with money back.
const REASONS: &[(Sign, EscalationReason)] = &[
    (Sign::AsksForPerson, EscalationReason::AsksForPerson),
    (Sign::Medical, EscalationReason::Medical),
    (Sign::Legal, EscalationReason::Legal),
    (Sign::Privacy, EscalationReason::Privacy),
    (Sign::Refund, EscalationReason::Refund),
    (Sign::Cancel, EscalationReason::Refund),
    (Sign::Complaint, EscalationReason::Complaint),
    (Sign::PaymentProof, EscalationReason::Payment),
    (Sign::Anger, EscalationReason::Anger),
];

impl Look {
    /// Whether the sign was found.
    pub fn has(&self, sign: Sign) -> bool {
        self.found.iter().any(|found| found.sign == sign)
    }

    /// Returns everything that was found, with its words.
    pub fn found(&self) -> &[Found] {
        &self.found
    }

    /// Returns the command, when the message is one.
    pub fn command(&self) -> Option<Command> {
        self.command
    }

    /// Returns why a person is needed, when the words alone say so.
    ///
    /// None for a message that says stop: that is obeyed, not escalated.
    pub fn reason(&self) -> Option<EscalationReason> {
        if self.has(Sign::Stop) {
            return None;
        }
        REASONS
            .iter()
            .find(|(sign, _)| self.has(*sign))
            .map(|(_, reason)| *reason)
    }

    /// Returns what a person has to know of although the message says stop: law, personal data, health.
    pub fn beside_stop(&self) -> Option<EscalationReason> {
        const GRAVE: [EscalationReason; 3] = [
            EscalationReason::Medical,
            EscalationReason::Legal,
            EscalationReason::Privacy,
        ];
        REASONS
            .iter()
            .filter(|(_, reason)| GRAVE.contains(reason))
            .find(|(sign, _)| self.has(*sign))
            .map(|(_, reason)| *reason)
    }

    /// Whether the customer is losing patience: a miss on top of it needs a person.
    pub fn frustrated(&self) -> bool {
        self.has(Sign::Anger) || self.has(Sign::Frustration)
    }
}

struct Rules {
    denial: Denial,
    anywhere: Vec<(Sign, Rule)>,
}

static RULES: LazyLock<Rules> = LazyLock::new(|| Rules {
    denial: Denial::read(include_str!("../../packs/rules/denial.toml")),
    anywhere: [
        (Sign::Stop, include_str!("../../packs/rules/stop.toml")),
        (
            Sign::StartAgain,
            include_str!("../../packs/rules/start_again.toml"),
        ),
        (Sign::AsksForPerson, include_str!("../../packs/rules/person.toml")),
        (Sign::Medical, include_str!("../../packs/rules/medical.toml")),
        (Sign::Legal, include_str!("../../packs/rules/legal.toml")),
        (Sign::Privacy, include_str!("../../packs/rules/privacy.toml")),
        (Sign::Refund, include_str!("../../packs/rules/refund.toml")),
        (Sign::Cancel, include_str!("../../packs/rules/cancel.toml")),
        (Sign::Complaint, include_str!("../../packs/rules/complaint.toml")),
        (Sign::PaymentProof, include_str!("../../packs/rules/payment.toml")),
        (Sign::Anger, include_str!("../../packs/rules/anger.toml")),
        (
            Sign::Frustration,
            include_str!("../../packs/rules/frustration.toml"),
        ),
    ]
    .into_iter()
    .map(|(sign, file)| (sign, Rule::read(file)))
    .collect(),
});

/// Looks at a message, or at the messages of one burst joined by line ends.
///
/// `question_open` is whether the last thing we said was a question: "yes" and "ok" are then answers, not
/// acknowledgements.
pub fn look(text: &str, question_open: bool) -> Look {
    let mut look = Look {
        found: Vec::new(),
        command: command(text),
    };
    let all = words(text);
    let clauses: Vec<Vec<String>> = text
        .split(is_border)
        .map(words)
        .filter(|clause| !clause.is_empty())
        .collect();
    for (sign, rule) in &RULES.anywhere {
        let said = clauses
            .iter()
            .find_map(|clause| rule.fires(clause, &RULES.denial));
        let said = said.or_else(|| quiet::is_whole(&all, rule).then(|| all.join(" ")));
        if let Some(words) = said {
            look.found.push(Found { sign: *sign, words });
        }
    }
    if !look.has(Sign::Anger) && shouts(text) {
        look.found.push(Found {
            sign: Sign::Anger,
            words: all.join(" "),
        });
    }
    if !look.has(Sign::Frustration) && text.matches(['?', '؟']).count() > 2 && text.contains("??") {
        look.found.push(Found {
            sign: Sign::Frustration,
            words: "???".to_owned(),
        });
    }
    let by_command = match look.command {
        Some(Command::Stop) => Some(Sign::Stop),
        Some(Command::Person) => Some(Sign::AsksForPerson),
        Some(Command::Start) => Some(Sign::Greeting),
        Some(Command::Help) | None => None,
    };
    if let Some(sign) = by_command.filter(|sign| !look.has(*sign)) {
        look.found.push(Found {
            sign,
            words: text.trim().to_owned(),
        });
    }
    if look.found.is_empty()
        && let Some(sign) = quiet::only(text, &all, question_open)
    {
        look.found.push(Found {
            sign,
            words: all.join(" "),
        });
    }
    look
}

/// Where a clause ends: a denial does not reach over it.
fn is_border(c: char) -> bool {
    matches!(
        c,
        '.' | ','
            | ';'
            | ':'
            | '!'
            | '?'
            | '¡'
            | '¿'
            | '('
            | ')'
            | '\n'
            | '،'
            | '؛'
            | '؟'
            | '।'
            | '…'
            | '–'
            | '—'
    )
}

fn command(text: &str) -> Option<Command> {
    let word = text.trim().strip_prefix('/')?.split_whitespace().next()?;
    // Telegram adds the name of the bot in groups: /start@name.
    match word.split('@').next()?.to_ascii_lowercase().as_str() {
        "start" => Some(Command::Start),
        "help" => Some(Command::Help),
        "stop" => Some(Command::Stop),
        "human" | "agent" => Some(Command::Person),
        _ => None,
    }
}

/// Whether most of it is in capitals and ends in several exclamation marks.
fn shouts(text: &str) -> bool {
    let capitals = text.chars().filter(|c| c.is_uppercase()).count();
    let small = text.chars().filter(|c| c.is_lowercase()).count();
    let words = text
        .split_whitespace()
        .filter(|word| word.chars().filter(|c| c.is_uppercase()).count() > 1);
    capitals >= 12 && capitals >= small * 4 && words.count() >= 3 && text.matches('!').count() > 1
}
