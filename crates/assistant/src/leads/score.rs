//! How likely a lead is to buy: points anybody can add up.

use super::merge::Held;
use super::signals::Signals;
use domain::{LeadMethod, Temperature, Timestamp};
use jiff::civil::Date;

/// How far a lead has come. It never falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Stage {
    /// Nothing is known of a wish.
    #[default]
    None,
    /// They asked what there is, or what it costs.
    Informational,
    /// They named what they want, and when or for how much.
    Qualification,
    /// They want to book or buy, and it is known what.
    BookingReady,
}

impl Stage {
    /// All stages, the lowest first.
    pub const ALL: &'static [Self] = &[
        Self::None,
        Self::Informational,
        Self::Qualification,
        Self::BookingReady,
    ];

    /// Returns the stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Informational => "informational",
            Self::Qualification => "qualification",
            Self::BookingReady => "booking_ready",
        }
    }

    /// Reads the stable spelling; what is not known is the lowest.
    pub fn read(word: &str) -> Self {
        Self::ALL
            .iter()
            .copied()
            .find(|stage| stage.as_str() == word)
            .unwrap_or_default()
    }
}

/// One reason for a score.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Reason {
    /// Which sign it is: `fit`, `date`, `budget`, `contact`, `decisive`, `urgent`, `undecided`, `far`, `asked`,
    /// `stage`, `cap`, `opted_out`, `spam`.
    pub signal: String,
    /// Points it adds or takes.
    pub points: i32,
    /// A plain sentence.
    pub text: String,
}

/// What a score is made from.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The values that hold now.
    pub values: &'a [Held],
    /// What was heard so far.
    pub signals: Signals,
    /// How far the lead had come before.
    pub stage: Stage,
    /// Whether a person said that it is none.
    pub spam: bool,
    /// The day against which *far* is measured.
    pub now: Timestamp,
}

/// A score with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// Between 0 and 100: the sum of the reasons' points, held within these bounds by a reason of its own.
    pub points: u8,
    /// What it means.
    pub temperature: Temperature,
    /// How far the lead has come.
    pub stage: Stage,
    /// What it is made of.
    pub reasons: Vec<Reason>,
}

/// From here on a lead is hot.
const HOT: i32 = 75;
/// From here on it is warm.
const WARM: i32 = 50;
/// Without knowing what they want, no more than this, short of a wish to buy.
const CAP_WITHOUT_FIT: i32 = 30;
/// A wish that is so many days away is far.
const FAR_DAYS: i32 = 90;

fn held<'a>(values: &'a [Held], field: &str) -> Option<&'a Held> {
    values
        .iter()
        .find(|held| held.value.field == field && !held.value.value.trim().is_empty())
}

/// How well it is known what they want: in so many points.
fn fit(values: &[Held]) -> Option<(i32, String)> {
    let interest = held(values, "interest")?;
    let (points, how) = match interest.value.method {
        LeadMethod::Manual | LeadMethod::Question => (40, "They want"),
        LeadMethod::Rule if interest.value.confidence >= 0.8 => (40, "They named"),
        LeadMethod::Model => (30, "It reads as if they want"),
        LeadMethod::Rule | LeadMethod::Profile => (20, "They asked about"),
    };
    Some((points, format!("{how} {}.", interest.value.value)))
}

/// Whether a person can be reached otherwise than here: told by them, not taken from a profile.
fn contact(values: &[Held]) -> Option<&'static str> {
    let told = |field| held(values, field).is_some_and(|held| held.value.method != LeadMethod::Profile);
    match (told("phone"), told("email")) {
        (_, true) => Some("They gave an e-mail address."),
        (true, false) => Some("They gave a telephone number."),
        (false, false) => None,
    }
}

fn is_far_off(values: &[Held], now: Timestamp) -> bool {
    let Some(held) = held(values, "date") else {
        return false;
    };
    let day = held
        .value
        .value
        .get(..10)
        .and_then(|day| day.parse::<Date>().ok())
        .or_else(|| {
            let month = held.value.value.get(..7)?;
            format!("{month}-01").parse().ok()
        });
    let today = jiff::Timestamp::from_millisecond(now.0)
        .ok()
        .map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    match (day, today) {
        (Some(day), Some(today)) => day.since(today).is_ok_and(|span| span.get_days() > FAR_DAYS),
        _ => false,
    }
}

/// How far a lead has come by what is known of it; never less than before.
pub fn stage(values: &[Held], signals: Signals, before: Stage) -> Stage {
    let has = |field| held(values, field).is_some();
    let wants = has("interest");
    let now = if signals.decisive && wants {
        Stage::BookingReady
    } else if wants && (has("date") || has("budget")) {
        Stage::Qualification
    } else if wants || signals.asked || signals.decisive {
        Stage::Informational
    } else {
        Stage::None
    };
    now.max(before)
}

/// Returns the score of a lead and why it is so.
///
/// The same values and signals give the same score, so a nod changes nothing: it brings neither.
pub fn score(known: &Known<'_>) -> Score {
    let mut reasons: Vec<Reason> = Vec::new();
    let mut add = |signal: &str, points: i32, text: String| {
        reasons.push(Reason {
            signal: signal.to_owned(),
            points,
            text,
        });
        points
    };
    let stage = stage(known.values, known.signals, known.stage);
    let fit = fit(known.values);
    let mut sum = 0;
    if let Some((points, text)) = &fit {
        sum += add("fit", *points, text.clone());
    }
    let value = |field| held(known.values, field).map(|held| held.value.value.clone());
    if let Some(date) = value("date") {
        sum += add("date", 20, format!("They said when: {date}."));
    }
    if let Some(budget) = value("budget") {
        sum += add("budget", 15, format!("They named an amount: {budget}."));
    }
    if let Some(text) = contact(known.values) {
        sum += add("contact", 10, text.to_owned());
    }
    let signs = known.signals;
    if signs.decisive {
        sum += add(
            "decisive",
            15,
            "They say that they want to book or buy.".to_owned(),
        );
    }
    if signs.urgent {
        sum += add("urgent", 10, "They say that it is urgent.".to_owned());
    }
    if signs.asked {
        sum += add(
            "asked",
            0,
            "They asked for a price, or whether something is to be had.".to_owned(),
        );
    }
    if signs.undecided {
        sum += add("undecided", -15, "They are not sure yet.".to_owned());
    }
    // The remembered sign is the one of words; a date far off says it by itself.
    if signs.far {
        sum += add(
            "far",
            -10,
            "It is for later, or they are only looking.".to_owned(),
        );
    } else if is_far_off(known.values, known.now) {
        sum += add(
            "far_date",
            -10,
            "The day is more than three months away.".to_owned(),
        );
    }
    if fit.is_none() && !signs.decisive && sum > CAP_WITHOUT_FIT {
        sum += add(
            "cap",
            CAP_WITHOUT_FIT - sum,
            "It is not known what they want.".to_owned(),
        );
    }
    let floor = match (stage, fit.is_some()) {
        (Stage::None, _) => 0,
        (Stage::Informational, _) => 20,
        (Stage::Qualification, true) | (Stage::BookingReady, false) => 50,
        (Stage::Qualification, false) => 30,
        (Stage::BookingReady, true) => 60,
    };
    if sum < floor {
        let text = match stage {
            Stage::BookingReady => "They had come so far as to want to book or buy.",
            Stage::Qualification => {
                "They had come so far as to say what they want, and when or for how much."
            }
            Stage::Informational | Stage::None => "They asked about what the shop offers.",
        };
        sum += add("stage", floor - sum, text.to_owned());
    }
    if sum > 100 {
        sum += add("cap", 100 - sum, "There is no more than 100.".to_owned());
    } else if sum < 0 {
        sum += add("cap", -sum, "There is no less than 0.".to_owned());
    }
    if signs.opted_out {
        sum += add("opted_out", -sum, "They asked not to be written to.".to_owned());
    } else if known.spam {
        sum += add("spam", -sum, "A person marked it as no lead.".to_owned());
    }
    let temperature = match sum {
        HOT.. => Temperature::Hot,
        WARM.. => Temperature::Warm,
        _ => Temperature::Cold,
    };
    Score {
        points: u8::try_from(sum.clamp(0, 100)).unwrap_or(0),
        temperature,
        stage,
        reasons,
    }
}

/// Reads back the signals a score was made from, so that they need no place of their own in a database.
pub fn signals_of(reasons: &[Reason]) -> Signals {
    let has = |signal: &str| reasons.iter().any(|reason| reason.signal == signal);
    Signals {
        decisive: has("decisive"),
        urgent: has("urgent"),
        undecided: has("undecided"),
        far: has("far"),
        asked: has("asked"),
        opted_out: has("opted_out"),
    }
}
