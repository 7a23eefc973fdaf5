//! A bench to try sentences and whole chats on. Nothing is stored and nothing leaves.

use super::misfit;
use crate::commands::CommandError;
use crate::engine::Engine;
use crate::study::ask::{self, About};
use crate::study::mind::{self, Ready};
use assistant::think::{self, Heard, Line, Situation, Speaker, Thought};
use assistant::{Flaw, Outcome, ReplyButton};
use domain::{AnswerStep, Because, BotMode, EscalationReason, Language, MessageId, Timestamp, Verdict};
use std::time::{Duration, Instant};

/// Characters of a message (whatsapp-cloud-api, section 5.3).
const LONGEST_TEXT: usize = 4_096;
/// Lines of a chat.
const MOST_LINES: usize = 60;

/// What the assistant would do.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// What it thought.
    pub outcome: Outcome,
    /// The mode that would apply where the assistant may do most.
    pub mode: BotMode,
    /// What was asked of a language model for it.
    pub model_call: Option<i64>,
    /// How long it took.
    pub took: Duration,
    /// When.
    pub at: Timestamp,
}

/// Who says a line of a pretended chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChatAuthor {
    /// The customer.
    Customer,
    /// The assistant.
    Assistant,
    /// A person of the shop.
    Operator,
}

/// A line of a pretended chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChatLine {
    /// Who.
    pub author: ChatAuthor,
    /// What.
    pub text: String,
}

impl Engine {
    /// Shows what a customer's first sentence would lead to.
    pub async fn try_sentence(&self, text: &str) -> Result<Tried, CommandError> {
        checked("text", text)?;
        let line = ChatLine {
            author: ChatAuthor::Customer,
            text: text.to_owned(),
        };
        self.play(&[line], false).await
    }

    /// Shows what the assistant would say to the last lines of a pretended chat. With `model` the language model is asked
    /// where it would be; what leaves for it is written down like any other question.
    pub async fn simulate(&self, lines: &[ChatLine], model: bool) -> Result<Tried, CommandError> {
        for (place, line) in lines.iter().enumerate() {
            checked(&format!("lines.{place}.text"), &line.text)?;
        }
        if lines
            .last()
            .is_none_or(|line| line.author != ChatAuthor::Customer)
        {
            return Err(misfit("lines", "The last line has to be the customer's."));
        }
        let first = lines.len().saturating_sub(MOST_LINES);
        self.play(lines.get(first..).unwrap_or_default(), model).await
    }

    async fn play(&self, lines: &[ChatLine], model: bool) -> Result<Tried, CommandError> {
        let begun = Instant::now();
        let (global, channels) = self
            .store()
            .read(|reader| Ok((reader.global_mode()?, reader.channels()?)))
            .await?;
        // No channel limits a test when there is none; else the one that allows most shows what may happen.
        let most = channels
            .iter()
            .map(|channel| channel.mode.unwrap_or(BotMode::Off))
            .max()
            .unwrap_or(BotMode::Bot);
        let mode = global.unwrap_or(BotMode::Off).min(most);
        let at = self.now();
        let tried = |(outcome, model_call): (Outcome, Option<i64>)| Tried {
            mode: mode.min(outcome.autonomy),
            outcome,
            model_call,
            took: begun.elapsed(),
            at,
        };
        let ready = match self.minds().ready(self.store()).await {
            Ok(ready) => ready,
            Err(trouble) => {
                let outcome = Outcome {
                    attention: Some(EscalationReason::Technical),
                    flaws: vec![Flaw {
                        kind: "settings".to_owned(),
                        words: trouble,
                        span: None,
                    }],
                    ..Outcome::silent(Because::Technical)
                };
                return Ok(tried((outcome, None)));
            }
        };
        let mut chat = Chat::default();
        let mut latest = None;
        let turns = turns(lines);
        for (place, (said, others)) in turns.iter().enumerate() {
            // What it said to earlier lines stands in the chat.
            let model = model && place + 1 == turns.len();
            let thought = self.thought(&ready, &chat.situation(said, at), model).await?;
            chat.remember(said, others, &thought.0);
            latest = Some(thought);
        }
        Ok(tried(
            latest.unwrap_or_else(|| (Outcome::silent(Because::FileOnly), None)),
        ))
    }

    /// Thinks as the study does: rules and skills, the knowledge base, the language model when it is wanted, the canned
    /// text.
    async fn thought(
        &self,
        ready: &Ready,
        situation: &Situation,
        model: bool,
    ) -> Result<(Outcome, Option<i64>), CommandError> {
        let mind = &ready.mind;
        let search = match think::think(mind, situation) {
            Thought::Decided(outcome) => return Ok((*outcome, None)),
            Thought::Search(search) => search,
        };
        let found = mind::look_up(self.store(), ready, &search.question, situation.now).await?;
        let quote = think::read(mind, situation, &search, &found);
        let is_enough = quote.as_ref().is_some_and(|quote| quote.verdict == Verdict::Send);
        let (said, call) = if model && !is_enough {
            let about = About {
                ready,
                situation,
                search: &search,
                found: &found,
            };
            ask::pretend(self.study(), about).await
        } else {
            (None, None)
        };
        let outcome = ask::better(said, quote).unwrap_or_else(|| think::give_up(mind, situation, &search));
        Ok((outcome, call))
    }
}

fn checked(field: &str, text: &str) -> Result<(), CommandError> {
    if text.trim().is_empty() {
        return Err(misfit(field, "Write what a customer might say."));
    }
    if text.chars().count() > LONGEST_TEXT {
        return Err(misfit(
            field,
            "Customers cannot write that much at once. Use at most 4,096 characters.",
        ));
    }
    Ok(())
}

/// The customer's lines of each turn with those of others after them.
fn turns(lines: &[ChatLine]) -> Vec<(&[ChatLine], &[ChatLine])> {
    let mut rest = lines;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let customer = |line: &ChatLine| line.author == ChatAuthor::Customer;
        let said = rest.iter().position(|line| !customer(line)).unwrap_or(rest.len());
        let (burst, after) = rest.split_at(said);
        let answered = after.iter().position(customer).unwrap_or(after.len());
        let (others, next) = after.split_at(answered);
        found.push((burst, others));
        rest = next;
    }
    found
}

/// What a chat has come to, as far as the next turn has to know.
#[derive(Debug, Default)]
struct Chat {
    history: Vec<Line>,
    /// The steps of the last turns, the newest last.
    steps: Vec<Option<AnswerStep>>,
    asked: Vec<bool>,
    choices: Vec<ReplyButton>,
    language: Option<Language>,
    stopped: bool,
    greeted: bool,
}

impl Chat {
    fn situation(&self, said: &[ChatLine], now: Timestamp) -> Situation {
        let heard = said.iter().map(|line| Heard {
            message: MessageId(0),
            text: Some(line.text.clone()),
            tap: self
                .choices
                .iter()
                .find(|button| button.title == line.text.trim())
                .map(|button| button.id.clone()),
        });
        Situation {
            burst: heard.collect(),
            history: self.history.clone(),
            lately: self
                .history
                .iter()
                .rev()
                .filter(|line| line.speaker == Speaker::Customer)
                .map(|line| line.text.clone())
                .take(3)
                .collect(),
            by_request: false,
            misses: lately(&self.steps)
                .filter(|step| **step == Some(AnswerStep::Fallback))
                .count(),
            asked_lately: lately(&self.asked).any(|asked| *asked),
            choices: self.choices.clone(),
            language: self.language,
            customer: None,
            stopped: self.stopped,
            first_words: !self.greeted,
            // Lines of a test are words.
            file_noticed: false,
            buttons: true,
            now,
        }
    }

    fn remember(&mut self, said: &[ChatLine], others: &[ChatLine], outcome: &Outcome) {
        for line in said.iter().chain(others) {
            let speaker = match line.author {
                ChatAuthor::Customer => Speaker::Customer,
                ChatAuthor::Assistant => Speaker::Assistant,
                ChatAuthor::Operator => Speaker::Colleague,
            };
            match speaker {
                Speaker::Assistant => self.greeted = true,
                Speaker::Colleague => self.greeted = false,
                Speaker::Customer => {}
            }
            self.history.push(Line {
                speaker,
                text: line.text.clone(),
            });
        }
        if said.is_empty() {
            return;
        }
        // Words that stand in no other place of the chat came from the model, which is not asked again about them.
        let answer = others.iter().find(|line| line.author == ChatAuthor::Assistant);
        let is_known = answer.is_none_or(|line| {
            line.text.trim().is_empty() || Some(line.text.trim()) == outcome.text.as_deref().map(str::trim)
        });
        let step = if is_known {
            outcome.step
        } else {
            Some(AnswerStep::Model)
        };
        self.steps.push(step);
        self.asked.push(outcome.verdict == Verdict::Clarify);
        self.choices.clone_from(&outcome.buttons);
        self.language = outcome.spoken.or(self.language);
        self.stopped = outcome.stop.unwrap_or(self.stopped);
    }
}

/// The last two of them.
fn lately<T>(all: &[T]) -> impl Iterator<Item = &T> {
    all.iter().rev().take(2)
}
