//! Turning what the assistant knows into what is shown.

use crate::views::{
    AnswerButtonView, AnswerView, AssistantView, CannedView, DayHours, DocumentView, ExampleView, FactView,
    HoursView, IntakeView, PackSkillView, PackView, PastReplyView, ReadinessView, ReturnView, SkillView,
};
use domain::{Fact, FactKind, Language, Timestamp};
use engine::{KnownSkill, Manners, PackSkill, ReadDocument, starter_languages};
use std::time::Duration;
use store::PastReply;

/// Returns a time in whole milliseconds.
pub(crate) fn milliseconds(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

/// Shows a skill.
pub(crate) fn skill(known: &KnownSkill) -> SkillView {
    let skill = &known.skill;
    SkillView {
        id: skill.id.to_string(),
        name: skill.name.clone(),
        enabled: skill.enabled,
        autonomy: skill.autonomy.as_str(),
        requires_human: skill.requires_human,
        high_risk: skill.high_risk,
        valid_from: skill.valid_from.map(Timestamp::to_rfc3339),
        valid_to: skill.valid_to.map(Timestamp::to_rfc3339),
        hours: skill.hours.as_str(),
        examples: skill
            .examples
            .iter()
            .map(|example| ExampleView {
                text: example.text.clone(),
                language: example.language.map(Language::as_str),
                negative: example.negative,
            })
            .collect(),
        answers: skill.answers.iter().map(answer).collect(),
        version: u32::try_from(skill.version).unwrap_or_default(),
        unfilled: known.unfilled.clone(),
        readiness: readiness(known),
    }
}

fn answer(answer: &domain::SkillAnswer) -> AnswerView {
    AnswerView {
        language: answer.language.map(Language::as_str),
        text: answer.text.clone(),
        buttons: answer
            .buttons
            .iter()
            .map(|button| AnswerButtonView {
                title: button.title.clone(),
                skill_id: button.skill.map(|id| id.to_string()),
            })
            .collect(),
        file: answer.file.clone(),
    }
}

fn readiness(known: &KnownSkill) -> ReadinessView {
    let (record, readiness) = (known.record, known.readiness());
    ReadinessView {
        decided: readiness.decided,
        unchanged: record.unchanged,
        light: record.light,
        heavy: record.heavy,
        dismissed: record.dismissed,
        agreement: readiness.agreement(),
        ready: readiness.is_ready(),
        blind: record.blind,
        alike: record.alike,
        needed: readiness.needed(),
    }
}

/// Shows the starter pack.
pub(crate) fn pack(skills: Vec<PackSkill>) -> PackView {
    PackView {
        languages: starter_languages()
            .iter()
            .map(|language| language.as_str())
            .collect(),
        skills: skills
            .into_iter()
            .map(|skill| PackSkillView {
                key: skill.key.to_owned(),
                name: skill.name,
                answer: skill.answer,
                added: skill.added,
            })
            .collect(),
    }
}

/// Shows a text of the knowledge base.
pub(crate) fn document(known: ReadDocument) -> DocumentView {
    let document = known.document;
    DocumentView {
        id: document.id.to_string(),
        title: document.title,
        source: document.source.as_str(),
        url: document.url,
        language: document.language.map(Language::as_str),
        enabled: document.enabled,
        quotable: document.quotable,
        valid_to: document.valid_to.map(Timestamp::to_rfc3339),
        updated_at: document.updated_at.to_rfc3339(),
        passages: u32::try_from(known.passages).unwrap_or(u32::MAX),
        text: known.text,
    }
}

/// Shows an answer given before.
pub(crate) fn past_reply(reply: PastReply) -> PastReplyView {
    PastReplyView {
        message_id: reply.message_id.to_string(),
        question: reply.question,
        answer: reply.answer,
        at: reply.at.to_rfc3339(),
    }
}

/// Shows a fact.
pub(crate) fn fact(fact: Fact) -> FactView {
    let placeholder = match fact.kind {
        FactKind::Price => format!("{{price:{}}}", fact.key),
        FactKind::Link => format!("{{link:{}}}", fact.key),
        FactKind::Text => format!("{{fact:{}}}", fact.key),
        FactKind::Hours | FactKind::Address | FactKind::Phone if !fact.key.is_empty() => {
            format!("{{fact:{}}}", fact.key)
        }
        FactKind::Hours | FactKind::Address | FactKind::Phone => format!("{{business.{}}}", fact.kind),
    };
    FactView {
        kind: fact.kind.as_str(),
        key: fact.key,
        value: fact.value,
        language: fact.language.map(Language::as_str),
        valid_to: fact.valid_to.map(Timestamp::to_rfc3339),
        placeholder,
    }
}

/// Shows how the assistant is set.
pub(crate) fn manners(manners: Manners) -> AssistantView {
    let days = manners.open_days();
    let settings = manners.settings;
    let language = settings.language().as_str();
    let hours = settings.hours.map(|hours| HoursView {
        zone: Some(hours.zone),
        days: days
            .into_iter()
            .map(|(day, from, to)| DayHours { day, from, to })
            .collect(),
        closed: hours.closed.iter().map(ToString::to_string).collect(),
    });
    AssistantView {
        global_mode: manners.global_mode.as_str(),
        trouble: manners.trouble,
        business_name: settings.business_name,
        language,
        region: settings.region,
        lead_capture: settings.lead_capture,
        lead_model_when_held: settings.lead_model_when_held,
        blind_sample: settings.blind_sample,
        instructions: settings.instructions,
        disclaimer: settings.disclaimer,
        file_notice: settings.file_notice,
        hours: hours.unwrap_or_default(),
        intake: settings
            .intake
            .into_iter()
            .map(|question| IntakeView {
                field: question.field,
                question: question.question,
            })
            .collect(),
        texts: manners
            .texts
            .into_iter()
            .map(|text| CannedView {
                key: text.key,
                language: text.language.as_str(),
                text: text.text,
                own: text.own,
            })
            .collect(),
        returns: manners
            .returns
            .into_iter()
            .map(|known| ReturnView {
                channel_id: known.channel.to_string(),
                name: known.name,
                minutes: known.minutes,
            })
            .collect(),
    }
}
