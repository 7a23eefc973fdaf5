//! What a skill has to be like before it is kept.

use super::misfit;
use crate::commands::CommandError;
use domain::{Skill, SkillAnswer};

/// Characters of a name; it stands on buttons and in lists.
const LONGEST_NAME: usize = 60;
/// Examples of a skill.
const MOST_EXAMPLES: usize = 500;
/// Characters of an example.
const LONGEST_EXAMPLE: usize = 1_000;
/// Characters of an answer (whatsapp-cloud-api, section 5.3).
const LONGEST_ANSWER: usize = 4_096;
/// Characters of an answer with buttons or below a file (whatsapp-cloud-api, section 5.3).
const LONGEST_BODY: usize = 1_024;
/// Buttons of an answer (whatsapp-cloud-api, section 5.3).
const MOST_BUTTONS: usize = 3;
/// Characters on a button (whatsapp-cloud-api, section 5.3).
const LONGEST_TITLE: usize = 20;

/// Refuses more examples than anybody reads.
pub(super) fn count(examples: usize) -> Result<(), CommandError> {
    if examples > MOST_EXAMPLES {
        return Err(misfit(
            "examples",
            "These are more than 500 examples. Keep those that differ most.",
        ));
    }
    Ok(())
}

/// Says what keeps a skill from being kept, beside the argument it is about.
pub(super) fn check(skill: &Skill) -> Result<(), CommandError> {
    if skill.name.is_empty() {
        return Err(misfit("name", "Give the skill a name."));
    }
    if skill.name.chars().count() > LONGEST_NAME {
        return Err(misfit(
            "name",
            "This name is too long. Use at most 60 characters.",
        ));
    }
    count(skill.examples.len())?;
    let too_long = |text: &str| text.chars().count() > LONGEST_EXAMPLE;
    if let Some(place) = skill.examples.iter().position(|example| too_long(&example.text)) {
        return Err(misfit(
            format!("examples.{place}"),
            "This example is too long. Use at most 1,000 characters.",
        ));
    }
    if skill.answers.is_empty() && !skill.requires_human {
        return Err(misfit(
            "answer",
            "Write an answer, or let a person take over whenever this is asked.",
        ));
    }
    for (place, answer) in skill.answers.iter().enumerate() {
        check_answer(place, answer)?;
        let twice = skill.answers.iter().take(place);
        if twice.into_iter().any(|other| other.language == answer.language) {
            return Err(misfit(
                format!("answers.{place}.language"),
                "There are two answers in the same language. Keep one of them.",
            ));
        }
    }
    if let (Some(from), Some(to)) = (skill.valid_from, skill.valid_to)
        && to < from
    {
        return Err(misfit("valid_to", "This skill ends before it begins."));
    }
    Ok(())
}

fn check_answer(place: usize, answer: &SkillAnswer) -> Result<(), CommandError> {
    let field = |name: &str| format!("answers.{place}.{name}");
    if !answer.buttons.is_empty() && answer.file.is_some() {
        return Err(misfit(
            field("file"),
            "WhatsApp sends a file or buttons with an answer, not both. Take one of them away.",
        ));
    }
    if domain::is_blank(&answer.text) {
        return Err(misfit(
            field("text"),
            "A file or buttons need words with them. Write the answer.",
        ));
    }
    let length = answer.text.chars().count();
    let body = !answer.buttons.is_empty() || answer.file.is_some();
    if body && length > LONGEST_BODY {
        return Err(misfit(
            field("text"),
            "With buttons or a file an answer has at most 1,024 characters. Shorten it, or take them away.",
        ));
    }
    if length > LONGEST_ANSWER {
        return Err(misfit(
            field("text"),
            "This answer is too long. Use at most 4,096 characters.",
        ));
    }
    if answer.buttons.len() > MOST_BUTTONS {
        return Err(misfit(field("buttons"), "An answer has at most three buttons."));
    }
    for (number, button) in answer.buttons.iter().enumerate() {
        let field = || field(&format!("buttons.{number}.title"));
        let title = button.title.trim();
        if title.is_empty() {
            return Err(misfit(field(), "Say what stands on this button."));
        }
        if title.encode_utf16().count() > LONGEST_TITLE {
            return Err(misfit(
                field(),
                "What stands on a button has at most 20 characters.",
            ));
        }
        let same = |other: &domain::AnswerButton| other.title.trim() == title;
        if answer.buttons.iter().take(number).any(same) {
            return Err(misfit(field(), "Two buttons say the same. Change one of them."));
        }
    }
    Ok(())
}
