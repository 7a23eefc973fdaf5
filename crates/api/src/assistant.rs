//! Commands about what the assistant knows and how it is: skills, texts, facts, manners, the bench.

use crate::args::{
    AddPack, AddPastReplies, AnswerArg, AnswerButtonArg, DocumentArgs, ExampleArg, FactArg, ImportDocument,
    SaveAssistant, SaveDocument, SaveFacts, SaveSkill, SetFallback, SetTestContact, Simulate, SkillArgs,
    StarterPack, TrySentence,
};
use crate::error::ApiError;
use crate::files;
use crate::present::{assistant as present, decision};
use crate::router::{bad_field, done, id, read, word, write};
use crate::views::{DocumentList, FactList, PastReplyList, SkillList};
use domain::{AnswerButton, ChannelId, Example, Fact, Language, SkillAnswer, SkillId, Timestamp};
use engine::{
    ChatAuthor, ChatLine, Engine, IntakeSetting, MannersWish, SkillWish, TypedDocument, opening_hours,
};
use serde_json::Value;

/// Carries out a command about the assistant; `None` when it is none.
pub(crate) async fn call(engine: &Engine, command: &str, args: Value) -> Option<Result<Value, ApiError>> {
    Some(match command {
        "list_skills" => skills(engine).await,
        "save_skill" => save_skill(engine, args).await,
        "delete_skill" => delete_skill(engine, args).await,
        "starter_pack" => starter_pack(engine, args).await,
        "add_pack" => add_pack(engine, args).await,
        "list_documents" => documents(engine).await,
        "document" => document(engine, args).await,
        "save_document" => save_document(engine, args).await,
        "import_document" => import_document(engine, args).await,
        "delete_document" => delete_document(engine, args).await,
        "past_replies" => past_replies(engine).await,
        "add_past_replies" => add_past_replies(engine, args).await,
        "list_facts" => facts(engine).await,
        "save_facts" => save_facts(engine, args).await,
        "set_fallback" => set_fallback(engine, args).await,
        "assistant" => manners(engine).await,
        "save_assistant" => save_manners(engine, args).await,
        "try_sentence" => try_sentence(engine, args).await,
        "simulate" => simulate(engine, args).await,
        "set_test_contact" => set_test_contact(engine, args).await,
        _ => return None,
    })
}

async fn skills(engine: &Engine) -> Result<Value, ApiError> {
    let (skills, trained) = engine.skills().await?;
    write(&SkillList {
        skills: skills.iter().map(present::skill).collect(),
        trained_ms: trained.map(present::milliseconds),
    })
}

async fn save_skill(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SaveSkill = read(args)?;
    let mut answers = Vec::new();
    for (place, answer) in args.answers.into_iter().enumerate() {
        answers.push(answer_of(place, answer)?);
    }
    if let Some(text) = args.answer.filter(|text| !text.trim().is_empty()) {
        // It stands in for all languages that have no answer of their own.
        answers.retain(|answer: &SkillAnswer| answer.language.is_some());
        answers.push(SkillAnswer {
            language: None,
            text,
            buttons: Vec::new(),
            file: None,
        });
    }
    let examples = args.examples.into_iter().enumerate();
    let wish = SkillWish {
        id: args
            .skill_id
            .as_deref()
            .map(|text| id("skill_id", text))
            .transpose()?,
        name: args.name,
        examples: examples
            .map(|(place, example)| example_of(place, example))
            .collect::<Result<_, _>>()?,
        answers,
        requires_human: args.requires_human,
        autonomy: optional_word("autonomy", args.autonomy.as_deref())?,
        enabled: args.enabled,
        high_risk: args.high_risk,
        valid_from: moment("valid_from", args.valid_from.as_deref())?,
        valid_to: moment("valid_to", args.valid_to.as_deref())?,
        hours: optional_word("hours", args.hours.as_deref())?,
    };
    write(&present::skill(&engine.save_skill(wish).await?))
}

fn answer_of(place: usize, answer: AnswerArg) -> Result<SkillAnswer, ApiError> {
    let button = |(number, button): (usize, AnswerButtonArg)| {
        let field = format!("answers.{place}.buttons.{number}.skill_id");
        let skill: Option<SkillId> = button
            .skill_id
            .as_deref()
            .map(|text| id(&field, text))
            .transpose()?;
        Ok(AnswerButton {
            title: button.title.trim().to_owned(),
            skill,
        })
    };
    Ok(SkillAnswer {
        language: optional_word(&format!("answers.{place}.language"), answer.language.as_deref())?,
        text: answer.text,
        buttons: answer
            .buttons
            .into_iter()
            .enumerate()
            .map(button)
            .collect::<Result<_, ApiError>>()?,
        file: answer.file,
    })
}

fn example_of(place: usize, example: ExampleArg) -> Result<Example, ApiError> {
    Ok(match example {
        ExampleArg::Words(text) => Example {
            text,
            language: None,
            negative: false,
        },
        ExampleArg::Full {
            text,
            language,
            negative,
        } => Example {
            text,
            language: optional_word(&format!("examples.{place}.language"), language.as_deref())?,
            negative: negative.unwrap_or(false),
        },
    })
}

async fn delete_skill(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SkillArgs = read(args)?;
    done(engine.delete_skill(id("skill_id", &args.skill_id)?).await)
}

async fn starter_pack(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: StarterPack = read(args)?;
    let language = optional_word("language", args.language.as_deref())?;
    write(&present::pack(engine.starter_pack(language).await?))
}

async fn add_pack(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: AddPack = read(args)?;
    let languages = args
        .languages
        .map(|words| {
            words
                .iter()
                .map(|language| word("languages", language))
                .collect::<Result<Vec<Language>, _>>()
        })
        .transpose()?;
    engine.add_pack(args.keys, languages).await?;
    skills(engine).await
}

async fn documents(engine: &Engine) -> Result<Value, ApiError> {
    let documents = engine.documents().await?;
    write(&DocumentList {
        documents: documents.into_iter().map(present::document).collect(),
    })
}

async fn document(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: DocumentArgs = read(args)?;
    let document = engine.document(id("document_id", &args.document_id)?).await?;
    write(&present::document(document))
}

async fn save_document(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SaveDocument = read(args)?;
    let saved = engine
        .save_document(TypedDocument {
            id: args
                .document_id
                .as_deref()
                .map(|text| id("document_id", text))
                .transpose()?,
            title: args.title,
            text: args.text,
            url: args.url,
            enabled: args.enabled,
            quotable: args.quotable,
            valid_to: moment("valid_to", args.valid_to.as_deref())?,
        })
        .await?;
    write(&present::document(saved))
}

async fn import_document(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: ImportDocument = read(args)?;
    let source = files::source(args.path, args.upload_id)?;
    let imported = Box::pin(engine.import_document(source, args.title)).await?;
    write(&present::document(imported))
}

async fn delete_document(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: DocumentArgs = read(args)?;
    done(
        engine
            .delete_document(id("document_id", &args.document_id)?)
            .await,
    )
}

async fn past_replies(engine: &Engine) -> Result<Value, ApiError> {
    let replies = engine.past_replies().await?;
    write(&PastReplyList {
        replies: replies.into_iter().map(present::past_reply).collect(),
    })
}

async fn add_past_replies(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: AddPastReplies = read(args)?;
    let messages = args
        .message_ids
        .iter()
        .map(|text| id("message_ids", text))
        .collect::<Result<_, _>>()?;
    write(&present::document(engine.add_past_replies(messages).await?))
}

async fn facts(engine: &Engine) -> Result<Value, ApiError> {
    let facts = engine.facts().await?;
    write(&FactList {
        facts: facts.into_iter().map(present::fact).collect(),
    })
}

async fn save_facts(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SaveFacts = read(args)?;
    let fact = |(place, fact): (usize, FactArg)| {
        let field = |name: &str| format!("facts.{place}.{name}");
        Ok(Fact {
            kind: word(&field("kind"), &fact.kind)?,
            key: fact.key,
            value: fact.value,
            language: optional_word(&field("language"), fact.language.as_deref())?,
            valid_to: moment(&field("valid_to"), fact.valid_to.as_deref())?,
        })
    };
    let kept = args
        .facts
        .into_iter()
        .enumerate()
        .map(fact)
        .collect::<Result<_, ApiError>>()?;
    engine.save_facts(kept).await?;
    facts(engine).await
}

async fn set_fallback(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SetFallback = read(args)?;
    let language = optional_word("language", args.language.as_deref())?;
    done(engine.set_fallback(&args.text, language).await)
}

async fn manners(engine: &Engine) -> Result<Value, ApiError> {
    write(&present::manners(engine.manners().await?))
}

async fn save_manners(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SaveAssistant = read(args)?;
    let hours = args
        .hours
        .map(|hours| {
            let days: Vec<_> = hours
                .days
                .into_iter()
                .map(|day| (day.day, day.from, day.to))
                .collect();
            opening_hours(hours.zone.as_deref(), &days, &hours.closed)
        })
        .transpose()?;
    let texts = args.texts.unwrap_or_default().into_iter().enumerate();
    let wish = MannersWish {
        business_name: args.business_name,
        language: optional_word("language", args.language.as_deref())?,
        region: args.region,
        lead_capture: args.lead_capture,
        lead_model_when_held: args.lead_model_when_held,
        blind_sample: args.blind_sample,
        instructions: args.instructions,
        disclaimer: args.disclaimer,
        file_notice: args.file_notice,
        hours,
        intake: args.intake.map(|intake| {
            intake
                .into_iter()
                .map(|question| IntakeSetting {
                    field: question.field,
                    question: question.question,
                })
                .collect()
        }),
        texts: texts
            .map(|(place, text)| {
                let language = word(&format!("texts.{place}.language"), &text.language)?;
                Ok((text.key, language, text.text))
            })
            .collect::<Result<_, ApiError>>()?,
        returns: args
            .returns
            .unwrap_or_default()
            .into_iter()
            .map(|known| (ChannelId::from(known.channel_id), known.minutes))
            .collect(),
    };
    engine.save_manners(wish).await?;
    manners(engine).await
}

async fn try_sentence(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: TrySentence = read(args)?;
    write(&decision::tried(&engine.try_sentence(&args.text).await?))
}

async fn simulate(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: Simulate = read(args)?;
    let mut lines = Vec::new();
    for (place, line) in args.lines.into_iter().enumerate() {
        let author = match line.author.as_str() {
            "customer" => ChatAuthor::Customer,
            "assistant" => ChatAuthor::Assistant,
            "operator" => ChatAuthor::Operator,
            _ => {
                return Err(bad_field(
                    &format!("lines.{place}.author"),
                    "A line is said by customer, assistant or operator.",
                ));
            }
        };
        lines.push(ChatLine {
            author,
            text: line.text,
        });
    }
    write(&decision::tried(
        &engine.simulate(&lines, args.model.unwrap_or(false)).await?,
    ))
}

async fn set_test_contact(engine: &Engine, args: Value) -> Result<Value, ApiError> {
    let args: SetTestContact = read(args)?;
    let contact = id("contact_id", &args.contact_id)?;
    done(engine.set_test_contact(contact, args.test).await)
}

fn optional_word<T: std::str::FromStr<Err = domain::UnknownWord>>(
    field: &str,
    text: Option<&str>,
) -> Result<Option<T>, ApiError> {
    text.map(|text| word(field, text)).transpose()
}

/// A moment that may be left open.
pub(crate) fn moment(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, ApiError> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    match Timestamp::parse_rfc3339(text) {
        Some(at) => Ok(Some(at)),
        None => Err(bad_field(
            field,
            "This is no moment. Write it as 2026-12-24T18:00:00Z.",
        )),
    }
}
