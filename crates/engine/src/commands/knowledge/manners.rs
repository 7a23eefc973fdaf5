//! How the owner wants the assistant to be.

use super::misfit;
use crate::assistant_settings::{AssistantSettings, IntakeSetting};
use crate::commands::CommandError;
use crate::engine::Engine;
use assistant::knowledge::Hours;
use assistant::rules::{CannedText, Texts, WrongText};
use domain::{BotMode, ChannelId, Language};
use store::{StoreError, WriteTransaction};

/// Characters of the shop's name.
const LONGEST_NAME: usize = 100;
/// Characters of what the assistant should know.
const LONGEST_INSTRUCTIONS: usize = 4_000;
/// Questions about leads.
const MOST_QUESTIONS: usize = 20;
/// Characters of such a question.
const LONGEST_QUESTION: usize = 500;
/// Characters of a field's name.
const LONGEST_FIELD: usize = 40;
/// The longest time a person keeps a conversation: a week, in minutes.
const LONGEST_RETURN: u32 = 7 * 24 * 60;
/// What stands for the names of topics in a text.
const TOPICS: &str = "{topics}";

/// A text of the assistant's own, as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedWords {
    /// Which text.
    pub key: String,
    /// In which language.
    pub language: Language,
    /// The words in use.
    pub text: String,
    /// Whether the owner wrote them.
    pub own: bool,
}

/// When conversations of a channel go back to the assistant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Returns {
    /// The channel.
    pub channel: ChannelId,
    /// Its name.
    pub name: String,
    /// Minutes after the last human message; 0: never by itself.
    pub minutes: u32,
}

/// How the assistant is set.
#[derive(Debug, Clone, PartialEq)]
pub struct Manners {
    /// The switch for everything.
    pub global_mode: BotMode,
    /// Why nothing is done although something else was chosen.
    pub trouble: Option<String>,
    /// The settings; those nobody changed when they cannot be read.
    pub settings: AssistantSettings,
    /// The texts in the shop's language, and those the owner wrote in others.
    pub texts: Vec<CannedWords>,
    /// When conversations go back.
    pub returns: Vec<Returns>,
}

/// What is to be set; none stays as it is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MannersWish {
    /// The shop's name.
    pub business_name: Option<String>,
    /// The language when it is not clear.
    pub language: Option<Language>,
    /// The country whose numbers need no prefix; empty: none.
    pub region: Option<String>,
    /// Whether leads are read in mode off too.
    pub lead_capture: Option<bool>,
    /// Whether a model may read leads while a person holds the conversation.
    pub lead_model_when_held: Option<bool>,
    /// Whether one draft in ten stays hidden.
    pub blind_sample: Option<bool>,
    /// What it should know and never do.
    pub instructions: Option<String>,
    /// Whether its first words say that an assistant writes.
    pub disclaimer: Option<bool>,
    /// Whether a customer who sends a file without words is asked to write what it is about.
    pub file_notice: Option<bool>,
    /// When the shop is open; the inner none: nobody says.
    pub hours: Option<Option<Hours>>,
    /// What it asks to learn about leads.
    pub intake: Option<Vec<IntakeSetting>>,
    /// Texts by name and language; an empty one goes back to ours.
    pub texts: Vec<(String, Language, String)>,
    /// Minutes for channels.
    pub returns: Vec<(ChannelId, u32)>,
}

impl Engine {
    /// Says how the assistant is set.
    pub async fn manners(&self) -> Result<Manners, CommandError> {
        let (mode, settings, channels, minutes) = self
            .store()
            .read(|reader| {
                Ok((
                    reader.global_mode()?,
                    AssistantSettings::read(reader)?,
                    reader.channels()?,
                    reader.return_minutes()?,
                ))
            })
            .await?;
        let (settings, mut trouble) = match settings {
            Ok(settings) => (settings, None),
            Err(trouble) => (AssistantSettings::default(), Some(trouble)),
        };
        // Whatever keeps it from knowing what it may say keeps it quiet, so it is told here.
        if let Err(words) = self.minds().ready(self.store()).await {
            trouble.get_or_insert(words);
        }
        if let Some(channel) = channels.iter().find(|channel| channel.mode.is_none()) {
            trouble.get_or_insert_with(|| {
                format!(
                    "The switch of {} cannot be read, so it counts as off. Set it again.",
                    channel.name
                )
            });
        }
        if mode.is_none() {
            trouble.get_or_insert_with(|| {
                "The switch of the assistant cannot be read, so it counts as off. Set it again.".to_owned()
            });
        }
        let returns = channels
            .into_iter()
            .map(|channel| Returns {
                minutes: minutes
                    .iter()
                    .find(|(id, _)| *id == channel.id)
                    .map(|(_, minutes)| *minutes)
                    .unwrap_or_default(),
                channel: channel.id,
                name: channel.name,
            })
            .collect();
        Ok(Manners {
            global_mode: mode.unwrap_or(BotMode::Off),
            trouble,
            texts: texts(&settings),
            settings,
            returns,
        })
    }

    /// Sets the assistant. What cannot be read is put right by that.
    pub async fn save_manners(&self, wish: MannersWish) -> Result<(), CommandError> {
        check(&wish)?;
        let known = self.store().read(AssistantSettings::read).await?;
        let mut settings = known.unwrap_or_default();
        let returns = wish.returns.clone();
        apply(&mut settings, wish)?;
        let work = move |transaction: &mut WriteTransaction<'_>| {
            settings.keep(transaction)?;
            for (channel, minutes) in &returns {
                transaction.set_return_minutes(channel, *minutes)?;
            }
            Ok(())
        };
        self.store().write(work).await?;
        self.minds().forget();
        Ok(())
    }

    /// Sets what is said when nothing is found; empty: our own words. Without a language, in all ten.
    pub async fn set_fallback(&self, text: &str, language: Option<Language>) -> Result<(), CommandError> {
        let known = self.store().read(AssistantSettings::read).await?;
        let mut settings = known.map_err(StoreError::Conflict)?;
        let text = text.trim();
        let languages = language.map_or_else(|| Language::ALL.to_vec(), |language| vec![language]);
        for language in languages {
            let texts = &mut settings.texts;
            texts.forget(CannedText::Fallback, language);
            texts.forget(CannedText::FallbackTopics, language);
            if text.is_empty() {
                continue;
            }
            // One that names topics has nothing to say when there are none; ours stands in for it then.
            let kind = if text.contains(TOPICS) {
                CannedText::FallbackTopics
            } else {
                CannedText::Fallback
            };
            texts
                .set(kind, None, language, text.to_owned())
                .map_err(|wrong| misfit("text", wrong_words(&wrong)))?;
        }
        let work = move |transaction: &mut WriteTransaction<'_>| settings.keep(transaction);
        self.store().write(work).await?;
        self.minds().forget();
        Ok(())
    }
}

/// The texts in the shop's language, and those the owner wrote in others.
fn texts(settings: &AssistantSettings) -> Vec<CannedWords> {
    let main = settings.language();
    let keys = Texts::keys();
    let mut languages = vec![main];
    languages.extend(Language::ALL.iter().copied().filter(|language| *language != main));
    languages
        .into_iter()
        .flat_map(|language| {
            keys.iter().filter_map(move |key| {
                let (text, own) = settings.texts.named(key, language)?;
                (own || (language == main && !text.is_empty())).then(|| CannedWords {
                    key: key.clone(),
                    language,
                    text,
                    own,
                })
            })
        })
        .collect()
}

fn check(wish: &MannersWish) -> Result<(), CommandError> {
    let longer = |text: &Option<String>, most| {
        text.as_ref()
            .is_some_and(|text| text.trim().chars().count() > most)
    };
    if longer(&wish.business_name, LONGEST_NAME) {
        return Err(misfit(
            "business_name",
            "This name is too long. Use at most 100 characters.",
        ));
    }
    if longer(&wish.instructions, LONGEST_INSTRUCTIONS) {
        return Err(misfit(
            "instructions",
            "This is too long. Use at most 4,000 characters, and put knowledge into the knowledge base.",
        ));
    }
    if let Some(region) = wish.region.as_deref().map(str::trim)
        && !region.is_empty()
        && !(region.len() == 2 && region.bytes().all(|byte| byte.is_ascii_alphabetic()))
    {
        return Err(misfit(
            "region",
            "A country is written with two letters, such as DE or BR.",
        ));
    }
    let intake = wish.intake.as_deref().unwrap_or_default();
    if intake.len() > MOST_QUESTIONS {
        return Err(misfit(
            "intake",
            "These are too many questions. Keep at most 20 of them.",
        ));
    }
    for (place, question) in intake.iter().enumerate() {
        let field = |name: &str| format!("intake.{place}.{name}");
        let name = question.field.trim();
        let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ');
        if name.is_empty() || name.chars().count() > LONGEST_FIELD || !name.chars().all(is_word) {
            return Err(misfit(
                field("field"),
                "Say what this question is about, in at most 40 letters.",
            ));
        }
        let earlier = intake.iter().take(place);
        if earlier.into_iter().any(|other| other.field.trim() == name) {
            return Err(misfit(
                field("field"),
                "There are two questions about the same. Keep one of them.",
            ));
        }
        for (language, text) in &question.question {
            if !language.is_empty() && language.parse::<Language>().is_err() {
                return Err(misfit(
                    field("question"),
                    "There is a language in it that the assistant does not know.",
                ));
            }
            if text.chars().count() > LONGEST_QUESTION {
                return Err(misfit(
                    field("question"),
                    "This question is too long. Use at most 500 characters.",
                ));
            }
        }
        if question.question.values().all(|text| text.trim().is_empty()) {
            return Err(misfit(field("question"), "Write the question."));
        }
    }
    for (place, (_, minutes)) in wish.returns.iter().enumerate() {
        if *minutes > LONGEST_RETURN {
            return Err(misfit(
                format!("returns.{place}.minutes"),
                "Use at most a week (10,080 minutes), or 0 for never.",
            ));
        }
    }
    Ok(())
}

fn apply(settings: &mut AssistantSettings, wish: MannersWish) -> Result<(), CommandError> {
    if let Some(name) = wish.business_name {
        name.trim().clone_into(&mut settings.business_name);
    }
    if let Some(language) = wish.language {
        language.as_str().clone_into(&mut settings.language);
    }
    if let Some(region) = wish.region {
        settings.region = Some(region.trim().to_ascii_uppercase()).filter(|region| !region.is_empty());
    }
    settings.lead_capture = wish.lead_capture.unwrap_or(settings.lead_capture);
    settings.lead_model_when_held = wish.lead_model_when_held.unwrap_or(settings.lead_model_when_held);
    settings.blind_sample = wish.blind_sample.unwrap_or(settings.blind_sample);
    settings.disclaimer = wish.disclaimer.unwrap_or(settings.disclaimer);
    settings.file_notice = wish.file_notice.unwrap_or(settings.file_notice);
    if let Some(instructions) = wish.instructions {
        instructions.trim().clone_into(&mut settings.instructions);
    }
    if let Some(hours) = wish.hours {
        settings.hours = hours;
    }
    if let Some(intake) = wish.intake {
        settings.intake = intake
            .into_iter()
            .map(|question| IntakeSetting {
                field: question.field.trim().to_owned(),
                question: question
                    .question
                    .into_iter()
                    .map(|(language, text)| (language, text.trim().to_owned()))
                    .filter(|(_, text)| !text.is_empty())
                    .collect(),
            })
            .collect();
    }
    for (place, (key, language, text)) in wish.texts.into_iter().enumerate() {
        settings
            .texts
            .set_named(&key, language, &text)
            .map_err(|wrong| misfit(format!("texts.{place}.text"), wrong_words(&wrong)))?;
    }
    Ok(())
}

fn wrong_words(wrong: &WrongText) -> String {
    match wrong {
        WrongText::Unknown(_) => "There is no such text. Look at the list again.".to_owned(),
        WrongText::TooLongForAButton(_) => {
            "What stands on a button has between 1 and 20 characters.".to_owned()
        }
        WrongText::TooLong(_) => "This text is too long. Use at most 1,024 characters.".to_owned(),
        WrongText::Placeholder { needs, .. } if needs.is_empty() => {
            "Nothing is filled in here, so leave out the braces { and }.".to_owned()
        }
        WrongText::Placeholder { needs, .. } => {
            format!(
                "Only {needs} is filled in here, and some of these texts need it. Leave out other braces."
            )
        }
    }
}

/// Makes opening hours of what was entered: stretches as day (1 is Monday), beginning and end, and days it is closed.
/// None when there are no stretches. Without a zone, this computer's is taken.
pub fn opening_hours(
    zone: Option<&str>,
    days: &[(u8, String, String)],
    closed: &[String],
) -> Result<Option<Hours>, CommandError> {
    if days.is_empty() {
        return Ok(None);
    }
    let zone = match zone.map(str::trim).filter(|zone| !zone.is_empty()) {
        Some(zone) if jiff::tz::TimeZone::get(zone).is_ok() => zone.to_owned(),
        Some(_) => {
            return Err(misfit(
                "hours.zone",
                "This is no time zone that is known. Write it as Europe/Berlin.",
            ));
        }
        None => jiff::tz::TimeZone::system()
            .iana_name()
            .unwrap_or("UTC")
            .to_owned(),
    };
    let mut hours = Hours {
        zone,
        week: Default::default(),
        closed: Vec::new(),
    };
    for (place, (day, from, to)) in days.iter().enumerate() {
        let slot = day
            .checked_sub(1)
            .and_then(|day| hours.week.get_mut(usize::from(day)))
            .ok_or_else(|| {
                misfit(
                    format!("hours.days.{place}.day"),
                    "A day is 1 (Monday) to 7 (Sunday).",
                )
            })?;
        let interval = format!("{from}-{to}").try_into().map_err(|_| {
            misfit(
                format!("hours.days.{place}.from"),
                "This is no opening time. Write it as 09:00 and 18:00.",
            )
        })?;
        slot.push(interval);
    }
    for (place, date) in closed.iter().enumerate() {
        hours.closed.push(date.parse().map_err(|_| {
            misfit(
                format!("hours.closed.{place}"),
                "This is no date. Write it as 2026-12-25.",
            )
        })?);
    }
    // Written and read once, which puts each day in order.
    Hours::from_json(&hours.to_json())
        .map(Some)
        .map_err(|trouble| misfit("hours", trouble.to_string()))
}

impl Manners {
    /// Returns the stretches the shop is open: day (1 is Monday), beginning, end.
    pub fn open_days(&self) -> Vec<(u8, String, String)> {
        let Some(hours) = &self.settings.hours else {
            return Vec::new();
        };
        (1_u8..)
            .zip(&hours.week)
            .flat_map(|(day, stretches)| stretches.iter().map(move |stretch| (day, *stretch)))
            .filter_map(|(day, stretch)| {
                let words = String::from(stretch);
                let (from, to) = words.split_once('-')?;
                Some((day, from.to_owned(), to.to_owned()))
            })
            .collect()
    }
}
