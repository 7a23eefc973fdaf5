//! Skills: kept, removed, taken from the starter pack.

use super::{misfit, rules};
use crate::assistant_settings::AssistantSettings;
use crate::commands::CommandError;
use crate::engine::Engine;
use assistant::knowledge::{Facts, Hours, fill};
use assistant::rules::{STARTER_LANGUAGES, keyed_pack};
use domain::{
    BotMode, Example, Fact, Language, Readiness, Skill, SkillAnswer, SkillHours, SkillId, Timestamp, is_blank,
};
use std::time::Duration;
use store::{DraftRecord, StoreError, WriteTransaction};

/// Drafts of so long count for a skill's readiness (guide of the assistant, section 4).
const COUNTED: Duration = Duration::from_hours(30 * 24);
/// Ids of files that were handed in begin so; anything else is a SHA-256.
const HANDED_IN: &str = "up_";

/// A skill as the owner wants it. What is none stays as it is, or becomes what a new skill is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SkillWish {
    /// Which one; none: the one with this name, or a new one.
    pub id: Option<SkillId>,
    /// What it is called.
    pub name: String,
    /// What customers say; the language is found when it is not told.
    pub examples: Vec<Example>,
    /// What is answered. `file` is a SHA-256, or the id of an upload.
    pub answers: Vec<SkillAnswer>,
    /// Whether a person takes over.
    pub requires_human: Option<bool>,
    /// How much it may do by itself.
    pub autonomy: Option<BotMode>,
    /// Whether it is used.
    pub enabled: Option<bool>,
    /// Whether a wrong answer costs more than usual.
    pub high_risk: Option<bool>,
    /// Not before; none: at once.
    pub valid_from: Option<Timestamp>,
    /// Not after; none: for ever.
    pub valid_to: Option<Timestamp>,
    /// When of the day.
    pub hours: Option<SkillHours>,
}

/// A skill with what is known about it.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownSkill {
    /// The skill.
    pub skill: Skill,
    /// Placeholders with their braces that nothing fills.
    pub unfilled: Vec<String>,
    /// What became of its drafts.
    pub record: DraftRecord,
}

impl KnownSkill {
    /// Returns whether it may be trusted to answer by itself.
    pub fn readiness(&self) -> Readiness {
        let record = self.record;
        Readiness {
            decided: record.unchanged + record.light + record.heavy + record.dismissed,
            agreed: record.unchanged + record.light,
            harmful: record.harmful,
        }
    }
}

/// A skill of the starter pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackSkill {
    /// Its name in the pack.
    pub key: &'static str,
    /// What it would be called.
    pub name: String,
    /// What it would answer.
    pub answer: String,
    /// Whether it is there already, or another one of its name.
    pub added: bool,
}

impl Engine {
    /// Returns all skills by name, and how long they took to learn; none while they are being learnt.
    pub async fn skills(&self) -> Result<(Vec<KnownSkill>, Option<Duration>), CommandError> {
        let now = self.now();
        let skills = self
            .store()
            .read(move |reader| {
                let skills = reader.skills()?;
                let known = Known::read(reader)?;
                let since = now.minus(COUNTED);
                skills
                    .into_iter()
                    .map(|skill| {
                        Ok(KnownSkill {
                            unfilled: known.unfilled(&skill, now),
                            record: reader.draft_record(skill.id, since)?,
                            skill,
                        })
                    })
                    .collect::<Result<Vec<_>, StoreError>>()
            })
            .await?;
        Ok((skills, self.minds().trained()))
    }

    /// Returns a skill.
    pub async fn skill(&self, id: SkillId) -> Result<KnownSkill, CommandError> {
        let (skills, _) = self.skills().await?;
        let found = skills.into_iter().find(|known| known.skill.id == id);
        Ok(found.ok_or_else(|| StoreError::NotFound {
            what: "skill",
            id: id.to_string(),
        })?)
    }

    /// Keeps a skill.
    pub async fn save_skill(&self, wish: SkillWish) -> Result<KnownSkill, CommandError> {
        let now = self.now();
        let name = wish.name.trim().to_owned();
        if is_blank(&name) {
            return Err(misfit("name", "Give the skill a name."));
        }
        // Before anything is worked out about them.
        rules::count(wish.examples.len())?;
        let aims: Vec<(usize, usize, SkillId)> = aims(&wish.answers);
        let known = {
            let name = name.clone();
            self.store()
                .read(move |reader| {
                    let mut skills = reader.skills()?;
                    if let Some(id) = wish.id
                        && !skills.iter().any(|skill| skill.id == id)
                    {
                        return Err(StoreError::NotFound {
                            what: "skill",
                            id: id.to_string(),
                        });
                    }
                    let aim = aims
                        .into_iter()
                        .find(|(_, _, aim)| !skills.iter().any(|skill| skill.id == *aim));
                    skills.retain(|skill| skill.name == name || wish.id == Some(skill.id));
                    Ok((skills, aim))
                })
                .await?
        };
        let (known, aim) = known;
        if let Some((answer, button, _)) = aim {
            return Err(misfit(
                format!("answers.{answer}.buttons.{button}.skill_id"),
                "The skill this button leads to does not exist, or no longer. Choose another one.",
            ));
        }
        if let Some(id) = wish.id
            && known.iter().any(|skill| skill.name == name && skill.id != id)
        {
            return Err(misfit(
                "name",
                "There is another skill of this name. Give this one a different name.",
            ));
        }
        let known = known
            .into_iter()
            .find(|skill| wish.id.is_none_or(|id| id == skill.id));
        // Until the row names them.
        let naming = self.cellar().clone().naming().await;
        let mut skill = skill(wish, name, known.as_ref());
        let uploads = self.named_files(&mut skill).await?;
        rules::check(&skill)?;
        let before = files(known.as_ref());
        let work = move |transaction: &mut WriteTransaction<'_>| {
            let id = transaction.save_skill(&skill, None, now)?;
            for upload in &uploads {
                transaction.forget_upload(upload)?;
            }
            for file in &before {
                transaction.forget_content(Some(file))?;
            }
            Ok(id)
        };
        let id = self.store().write(work).await?;
        drop(naming);
        self.minds().forget();
        self.skill(id).await
    }

    /// Puts the SHA-256 of each file in the place of the id it was handed in under; returns those ids.
    async fn named_files(&self, skill: &mut Skill) -> Result<Vec<String>, CommandError> {
        let mut uploads = Vec::new();
        for (place, answer) in skill.answers.iter_mut().enumerate() {
            let Some(file) = answer.file.clone() else {
                continue;
            };
            let gone = || {
                misfit(
                    format!("answers.{place}.file"),
                    "This file is not here any more. Attach it again.",
                )
            };
            if file.starts_with(HANDED_IN) {
                let id = file.clone();
                let upload = self.store().read(move |reader| reader.upload(&id)).await;
                let upload = match upload {
                    Ok(upload) => upload,
                    Err(StoreError::NotFound { .. }) => return Err(gone()),
                    Err(error) => return Err(error.into()),
                };
                answer.file = Some(upload.file.sha256);
                uploads.push(file);
            } else if self.content(&file).await.is_none() {
                return Err(gone());
            } else {
                answer.file = Some(file.to_ascii_lowercase());
            }
        }
        Ok(uploads)
    }

    /// Removes a skill.
    pub async fn delete_skill(&self, id: SkillId) -> Result<(), CommandError> {
        let work = move |transaction: &mut WriteTransaction<'_>| {
            let known = transaction.read().skill(id)?;
            transaction.delete_skill(id)?;
            for file in files(Some(&known)) {
                transaction.forget_content(Some(&file))?;
            }
            Ok(())
        };
        self.store().write(work).await?;
        self.minds().forget();
        Ok(())
    }

    /// Returns the starter pack in a language, or in the shop's; English when the pack does not know it.
    pub async fn starter_pack(&self, language: Option<Language>) -> Result<Vec<PackSkill>, CommandError> {
        let (settings, taken, names) = self
            .store()
            .read(|reader| {
                let names: Vec<String> = reader.skills()?.into_iter().map(|skill| skill.name).collect();
                let settings = AssistantSettings::read(reader)?.unwrap_or_default();
                Ok((settings, reader.taken_from_pack()?, names))
            })
            .await?;
        let language = language
            .filter(|language| STARTER_LANGUAGES.contains(language))
            .unwrap_or_else(|| settings.language());
        let mut pack = keyed_pack(&[language]);
        if pack.is_empty() {
            pack = keyed_pack(&[Language::English]);
        }
        Ok(pack
            .into_iter()
            .map(|(key, skill)| PackSkill {
                key,
                added: taken.iter().any(|taken| taken == key) || names.contains(&skill.name),
                answer: skill
                    .answers
                    .into_iter()
                    .next()
                    .map(|answer| answer.text)
                    .unwrap_or_default(),
                name: skill.name,
            })
            .collect())
    }

    /// Takes skills of the starter pack, all when `keys` is none. What was taken before, and what the owner has a skill
    /// of the same name for, stays as it is. They draft until a person lets them answer.
    pub async fn add_pack(
        &self,
        keys: Option<Vec<String>>,
        languages: Option<Vec<Language>>,
    ) -> Result<(), CommandError> {
        let now = self.now();
        let unknown = |key: &String| {
            let all = keyed_pack(&[Language::English]);
            !all.iter().any(|(known, _)| known == key)
        };
        if let Some(key) = keys.iter().flatten().find(|key| unknown(key)) {
            let key: String = key.chars().take(60).collect();
            return Err(misfit("keys", format!("The starter pack has no {key:?}.")));
        }
        let mut languages = languages.unwrap_or_else(|| STARTER_LANGUAGES.to_vec());
        languages.retain(|language| STARTER_LANGUAGES.contains(language));
        if languages.is_empty() {
            return Err(misfit(
                "languages",
                "The starter pack is written in English, Spanish, Portuguese, Turkish, Arabic and Hindi. Choose one of \
                 them.",
            ));
        }
        let work = move |transaction: &mut WriteTransaction<'_>| {
            let settings = AssistantSettings::read(transaction.read())?.unwrap_or_default();
            // The first one names them.
            languages.sort_by_key(|language| *language != settings.language());
            let taken = transaction.read().taken_from_pack()?;
            let names: Vec<String> = transaction
                .read()
                .skills()?
                .into_iter()
                .map(|skill| skill.name)
                .collect();
            for (key, skill) in keyed_pack(&languages) {
                let wanted = keys
                    .as_ref()
                    .is_none_or(|keys| keys.iter().any(|wanted| wanted == key));
                let there = taken.iter().any(|taken| taken == key) || names.contains(&skill.name);
                if wanted && !there {
                    transaction.save_skill(&skill, Some(key), now)?;
                }
            }
            Ok(())
        };
        self.store().write(work).await?;
        self.minds().forget();
        Ok(())
    }
}

/// Makes the skill that is kept. A new one answers by itself: whoever writes an answer by hand means it to be given, and
/// the modes above it still hold it back (decision 27).
/// The skills that buttons of answers lead to, with their places.
fn aims(answers: &[SkillAnswer]) -> Vec<(usize, usize, SkillId)> {
    let of = |(place, answer): (usize, &SkillAnswer)| {
        let aim = |(number, button): (usize, &domain::AnswerButton)| Some((place, number, button.skill?));
        answer
            .buttons
            .iter()
            .enumerate()
            .filter_map(aim)
            .collect::<Vec<_>>()
    };
    answers.iter().enumerate().flat_map(of).collect()
}

fn skill(wish: SkillWish, name: String, known: Option<&Skill>) -> Skill {
    let examples = wish
        .examples
        .into_iter()
        .map(|example| Example {
            text: example.text.trim().to_owned(),
            ..example
        })
        .filter(|example| !is_blank(&example.text))
        .map(|example| Example {
            language: example
                .language
                .or_else(|| assistant::text::language(&example.text)),
            ..example
        })
        .collect();
    let answers = wish
        .answers
        .into_iter()
        .map(|answer| SkillAnswer {
            text: answer.text.trim().to_owned(),
            file: answer.file.filter(|file| !file.is_empty()),
            ..answer
        })
        .filter(|answer| !answer.text.is_empty() || !answer.buttons.is_empty() || answer.file.is_some())
        .collect();
    Skill {
        id: known.map_or(SkillId(0), |known| known.id),
        name,
        enabled: wish.enabled.or(known.map(|known| known.enabled)).unwrap_or(true),
        autonomy: wish
            .autonomy
            .or(known.map(|known| known.autonomy))
            .unwrap_or(BotMode::Bot),
        requires_human: wish
            .requires_human
            .or(known.map(|known| known.requires_human))
            .unwrap_or(false),
        high_risk: wish
            .high_risk
            .or(known.map(|known| known.high_risk))
            .unwrap_or(false),
        valid_from: wish.valid_from,
        valid_to: wish.valid_to,
        hours: wish
            .hours
            .or(known.map(|known| known.hours))
            .unwrap_or(SkillHours::Always),
        examples,
        answers,
        version: known.map_or(0, |known| known.version),
    }
}

fn files(skill: Option<&Skill>) -> Vec<String> {
    skill
        .into_iter()
        .flat_map(|skill| skill.answers.iter().filter_map(|answer| answer.file.clone()))
        .collect()
}

/// What placeholders are filled with.
struct Known {
    facts: Vec<Fact>,
    hours: Option<Hours>,
    language: Language,
}

impl Known {
    fn read(reader: store::Reader<'_>) -> Result<Self, StoreError> {
        let settings = AssistantSettings::read(reader)?.unwrap_or_default();
        Ok(Self {
            facts: reader.facts()?,
            language: settings.language(),
            hours: settings.hours,
        })
    }

    /// The placeholders of a skill nothing fills, each once, in their order.
    fn unfilled(&self, skill: &Skill, now: Timestamp) -> Vec<String> {
        let facts = Facts {
            facts: &self.facts,
            hours: self.hours.as_ref(),
            // Whether a customer has a name is seen when they write.
            customer: Some("Ana"),
        };
        let mut unfilled: Vec<String> = Vec::new();
        for answer in &skill.answers {
            let language = answer.language.unwrap_or(self.language);
            let named = answer.text.split('{').skip(1);
            for name in named.filter_map(|rest| Some(rest.split_once('}')?.0)) {
                let placeholder = format!("{{{name}}}");
                if fill(&placeholder, &facts, language, now).is_err() && !unfilled.contains(&placeholder) {
                    unfilled.push(placeholder);
                }
            }
        }
        unfilled
    }
}
