//! The order of it all: rules, taps, skills, knowledge base, canned text.
//!
//! Thinking has two steps, since the knowledge base lies in the database: [`think`] either decides or names what to look
//! for, [`read`] goes on with the passages that were found. Neither waits for anything.

mod advice;
mod fallback;
mod skill;
mod sureness;

pub use advice::{Signs, may_send, sources, weigh};
pub use sureness::Sureness;

use crate::mind::Mind;
use crate::outcome::{Candidate, Outcome};
use crate::rules::{CannedText, Hours, Look, Sign, look, repeated};
use crate::skills::{Band, Match};
use crate::{knowledge, text};
use domain::{AnswerStep, Because, EscalationReason, Language, MessageId, SkillId, Timestamp, Verdict};

/// A message of the customer in this turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// The message.
    pub message: MessageId,
    /// Its words: text, caption, or the title of the button.
    pub text: Option<String>,
    /// What the tapped button stands for, as we named it.
    pub tap: Option<String>,
}

/// Who said something before this turn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker {
    /// The customer.
    Customer,
    /// The assistant.
    Assistant,
    /// A person of the shop.
    Colleague,
}

/// Something that was said before this turn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Who.
    pub speaker: Speaker,
    /// What.
    pub text: String,
}

/// How the conversation stands when a turn is thought about.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Situation {
    /// What the customer said since somebody last answered, the oldest first.
    pub burst: Vec<Heard>,
    /// What was said before, the oldest first.
    pub history: Vec<Line>,
    /// Turns without an answer among the last two.
    pub misses: usize,
    /// Whether one of the last two turns asked what was meant.
    pub asked_lately: bool,
    /// What the numbers of the last question stand for, on channels without buttons.
    pub choices: Vec<crate::ReplyButton>,
    /// The language spoken so far.
    pub language: Option<Language>,
    /// What the customer is called.
    pub customer: Option<String>,
    /// Whether the customer told the assistant to stop.
    pub stopped: bool,
    /// Whether the assistant has never said anything here, or not since a person last did.
    pub first_words: bool,
    /// What the customer wrote in the last day before this turn, the newest first.
    pub lately: Vec<String>,
    /// Whether an operator gave the question back to the assistant: whoever asks for a person then has had one.
    pub by_request: bool,
    /// Whether the customer was asked today to write what a file is about.
    pub file_noticed: bool,
    /// Whether the channel has buttons.
    pub buttons: bool,
    /// Now.
    pub now: Timestamp,
}

impl Situation {
    /// Returns the customer's words of this turn, a line for each message.
    pub fn words(&self) -> String {
        let lines: Vec<&str> = self
            .burst
            .iter()
            .filter_map(|heard| heard.text.as_deref())
            .map(str::trim)
            .filter(|text| !text.is_empty())
            .collect();
        lines.join("\n")
    }

    /// Returns the last texts of a speaker before this turn, the newest first.
    pub fn last_of(&self, speaker: Speaker, number: usize) -> Vec<&str> {
        self.history
            .iter()
            .rev()
            .filter(|line| line.speaker == speaker)
            .take(number)
            .map(|line| line.text.as_str())
            .collect()
    }

    fn question_open(&self) -> bool {
        self.history
            .iter()
            .rev()
            .find(|line| line.speaker != Speaker::Customer)
            .is_some_and(|line| line.text.trim_end().ends_with(['?', '؟', '？']))
    }
}

/// What thinking led to.
#[derive(Debug, Clone, PartialEq)]
pub enum Thought {
    /// It is decided.
    Decided(Box<Outcome>),
    /// The knowledge base is asked.
    Search(Box<Search>),
}

/// What is looked for in the knowledge base.
#[derive(Debug, Clone, PartialEq)]
pub struct Search {
    /// The customer's words.
    pub question: String,
    /// The language to answer in.
    pub language: Language,
    /// Skills that were considered.
    pub candidates: Vec<Candidate>,
    /// The language the customer speaks, when this turn made it clear.
    pub spoken: Option<Language>,
    /// Whether the customer is losing patience.
    pub frustrated: bool,
}

/// Thinks about a turn as far as rules and skills lead.
pub fn think(mind: &Mind, situation: &Situation) -> Thought {
    let words = situation.words();
    let spoken = text::language(&words);
    let language = spoken.or(situation.language).unwrap_or(mind.manner.language);
    let turn = Turn {
        mind,
        situation,
        words: &words,
        spoken,
        language,
    };
    match turn.decide() {
        Ok(outcome) => Thought::Decided(Box::new(turn.finish(outcome))),
        Err(search) => Thought::Search(Box::new(search)),
    }
}

/// Goes on with what was found in the knowledge base, the best passage first.
pub fn read(
    mind: &Mind,
    situation: &Situation,
    search: &Search,
    found: &[knowledge::Found],
) -> Option<Outcome> {
    let extract = knowledge::answer(&search.question, found, Some(search.language), &mind.frequencies)?;
    let passages = found.iter().take(5).map(passage_source).collect::<Vec<_>>();
    let quoted = found.iter().find(|found| found.passage.id == extract.passage)?;
    let (verdict, because) = if extract.sendable {
        (Verdict::Send, Because::Quoted)
    } else if quoted.passage.quotable {
        (Verdict::Draft, Because::NotSure)
    } else {
        (Verdict::Draft, Because::NotQuotable)
    };
    let mut outcome = Outcome {
        language: Some(search.language),
        spoken: search.spoken,
        confidence: Some(extract.coverage),
        band: Some("next"),
        candidates: search.candidates.clone(),
        sources: vec![source_of(&quoted.passage)],
        passages,
        ..Outcome::says(verdict, AnswerStep::Knowledge, because, extract.text.clone())
    };
    crate::check::check(mind, situation, None, &mut outcome);
    Some(outcome)
}

/// Has no answer: says so, or asks for a person.
pub fn give_up(mind: &Mind, situation: &Situation, search: &Search) -> Outcome {
    let mut outcome = fallback::outcome(mind, situation, search);
    outcome.spoken = search.spoken;
    outcome.candidates.clone_from(&search.candidates);
    crate::check::check(mind, situation, None, &mut outcome);
    outcome
}

/// Returns a passage as a source.
pub fn source_of(passage: &domain::Passage) -> crate::Source {
    let title = if passage.heading.is_empty() {
        passage.title.clone()
    } else {
        format!("{} › {}", passage.title, passage.heading)
    };
    crate::Source {
        id: format!("P{}", passage.id),
        kind: crate::SourceKind::Passage,
        reference: passage.document_id.to_string(),
        title,
        text: match &passage.question {
            Some(question) => format!("{question}\n{}", passage.text),
            None => passage.text.clone(),
        },
        url: passage.url.clone(),
        quotable: passage.quotable,
    }
}

/// Whether what was recognised is nothing but a hello.
fn is_greeting(found: &Match) -> bool {
    let near = found.nearest.as_ref();
    near.is_some_and(|near| look(&near.text, false).has(Sign::Greeting))
}

fn passage_source(found: &knowledge::Found) -> crate::Source {
    source_of(&found.passage)
}

/// Asks for a person with the text for that reason.
pub fn escalation(
    mind: &Mind,
    reason: EscalationReason,
    language: Language,
    now: Timestamp,
    step: AnswerStep,
) -> Outcome {
    let hours = match mind.is_open(now) {
        None | Some(true) => Hours::Open,
        Some(false) => Hours::ClosedUntil,
    };
    let words = |hours| {
        let template = mind.texts.text(CannedText::Escalation(reason), language, hours)?;
        let filled = knowledge::fill(&template, &mind.facts(None), language, now).ok()?;
        Some(filled.text)
    };
    let text = words(hours).or_else(|| match hours {
        Hours::ClosedUntil => words(Hours::Closed),
        _ => None,
    });
    Outcome {
        verdict: Verdict::Escalate,
        step: Some(step),
        escalation: Some(reason),
        language: Some(language),
        text,
        ..Outcome::silent(Because::Escalated)
    }
}

struct Turn<'a> {
    mind: &'a Mind,
    situation: &'a Situation,
    words: &'a str,
    spoken: Option<Language>,
    language: Language,
}

impl Turn<'_> {
    fn decide(&self) -> Result<Outcome, Search> {
        if self.situation.burst.is_empty() {
            // What it was about was taken back, or answered meanwhile.
            return Ok(Outcome::silent(Because::Overtaken));
        }
        if self.words.is_empty() {
            return Ok(Outcome {
                attention: Some(EscalationReason::FileOnly),
                ..self.about_file()
            });
        }
        if let Some(outcome) = self.tapped() {
            return Ok(outcome);
        }
        let look = look(self.words, self.situation.question_open());
        if let Some(outcome) = self.ruled(&look) {
            return Ok(outcome);
        }
        let earlier: Vec<&str> = self.situation.lately.iter().map(String::as_str).collect();
        if !self.situation.by_request
            && repeated(self.words, &earlier)
            && !self.situation.last_of(Speaker::Assistant, 1).is_empty()
        {
            return Ok(self.escalate(EscalationReason::Repeated));
        }
        self.matched(&look)
    }

    /// What is said to a file without words: nothing, or, if the owner wants it, once a day that words would help.
    fn about_file(&self) -> Outcome {
        let wanted = self.mind.manner.file_notice && !self.situation.file_noticed && !self.situation.stopped;
        match self.canned(CannedText::MediaNotice).filter(|_| wanted) {
            Some(text) => Outcome::says(Verdict::Send, AnswerStep::Rule, Because::FileOnly, text),
            None => Outcome::silent(Because::FileOnly),
        }
    }

    /// What a tapped button, or the number of a choice, stands for.
    fn tapped(&self) -> Option<Outcome> {
        let last = self.situation.burst.last()?;
        let tap = match &last.tap {
            Some(tap) => tap.clone(),
            None => self.numbered(last.text.as_deref()?)?,
        };
        if tap == "person" {
            return Some(Outcome {
                label: Some(None),
                ..self.escalate(EscalationReason::AsksForPerson)
            });
        }
        let id: SkillId = tap.strip_prefix("skill:")?.parse().ok()?;
        let Some(skill) = self.mind.usable(id, self.situation.now) else {
            let text = self.canned(CannedText::SkillDisabled)?;
            return Some(Outcome::says(
                Verdict::Send,
                AnswerStep::Tap,
                Because::Tapped,
                text,
            ));
        };
        let mut outcome = self.answer_with(skill, None, AnswerStep::Tap, Because::Tapped);
        outcome.confidence = Some(1.0);
        outcome.label = Some(Some(id));
        Some(outcome)
    }

    /// The choice whose number the customer wrote: the number alone, since "a table for 2" is no choice.
    fn numbered(&self, text: &str) -> Option<String> {
        let number: usize = text::normalise(text)
            .trim_matches(|c: char| !c.is_alphanumeric())
            .parse()
            .ok()?;
        let choice = self.situation.choices.get(number.checked_sub(1)?)?;
        Some(choice.id.clone())
    }

    /// Whether the customer said stop (true) or go on (false) last. Each message is heard by itself: a stop between other
    /// words is one, and whatever came after a stop does not hide that they want to go on.
    fn stop_or_go_on(&self) -> Option<bool> {
        let asked = self.situation.question_open();
        let said = self
            .situation
            .burst
            .iter()
            .filter_map(|heard| heard.text.as_deref());
        said.fold(None, |before, text| {
            let look = look(text, asked);
            if look.has(Sign::StartAgain) && (self.situation.stopped || before == Some(true)) {
                Some(false)
            } else if look.has(Sign::Stop) {
                Some(true)
            } else {
                before
            }
        })
    }

    /// What words alone decide.
    fn ruled(&self, look: &Look) -> Option<Outcome> {
        let wish = self.stop_or_go_on();
        if wish == Some(false) && self.situation.stopped {
            let text = self.canned(CannedText::StartedAgain)?;
            return Some(Outcome {
                stop: Some(false),
                ..Outcome::says(Verdict::Send, AnswerStep::Rule, Because::StopConfirmed, text)
            });
        }
        if self.situation.stopped {
            return Some(Outcome::silent(Because::Stopped));
        }
        if wish == Some(true) {
            let text = self.canned(CannedText::StopConfirmed)?;
            return Some(Outcome {
                stop: Some(true),
                // Who says "stop, or I call my lawyer" is obeyed, and a person has to know.
                attention: look.beside_stop(),
                ..Outcome::says(Verdict::Send, AnswerStep::Rule, Because::StopConfirmed, text)
            });
        }
        if let Some(reason) = look.reason().filter(|_| !self.situation.by_request) {
            return Some(self.escalate(reason));
        }
        look.has(Sign::Acknowledgement)
            .then(|| Outcome::silent(Because::Acknowledgement))
    }

    fn escalate(&self, reason: EscalationReason) -> Outcome {
        escalation(
            self.mind,
            reason,
            self.language,
            self.situation.now,
            AnswerStep::Rule,
        )
    }

    fn canned(&self, kind: CannedText) -> Option<String> {
        self.mind.texts.text(kind, self.language, Hours::Open)
    }

    /// What the skills make of it; what to look for when they have no answer.
    fn matched(&self, look: &Look) -> Result<Outcome, Search> {
        let usable = |id| self.mind.usable(id, self.situation.now).is_some();
        let closed = self.mind.is_open(self.situation.now) == Some(false);
        let considered = self.mind.matcher.consider(self.words, usable, closed);
        let ranked: Vec<Candidate> = considered
            .matches
            .iter()
            .map(|found| Candidate {
                skill: found.skill.0,
                name: found.name.clone(),
                confidence: found.confidence,
                example: found.nearest.as_ref().map(|near| near.text.clone()),
            })
            .collect();
        let with = |outcome: Outcome, band| Outcome {
            band: Some(band),
            candidates: ranked.clone(),
            ..outcome
        };
        match considered.band {
            Band::Send => {
                let mut answers: Vec<(&domain::Skill, &Match)> = considered
                    .answers
                    .iter()
                    .filter_map(|found| Some((self.mind.usable(found.skill, self.situation.now)?, found)))
                    .collect();
                if answers.len() > 1 {
                    // "Hi! Do you have mugs?" asks one thing; an answer that begins by asking how to help sounds deaf.
                    answers.retain(|(_, found)| !is_greeting(found));
                }
                if let Some(outcome) = self.answered(&answers) {
                    return Ok(with(outcome, "send"));
                }
            }
            Band::Clarify if !self.situation.asked_lately => {
                if let Some(outcome) = self.ask(
                    &considered.choices,
                    considered.matches.first().map(|found| found.confidence),
                ) {
                    return Ok(with(outcome, "clarify"));
                }
            }
            Band::Clarify | Band::Next => {}
        }
        Err(Search {
            question: self.words.to_owned(),
            language: self.language,
            candidates: ranked,
            spoken: self.spoken,
            frustrated: look.frustrated(),
        })
    }

    fn finish(&self, mut outcome: Outcome) -> Outcome {
        outcome.spoken = self.spoken;
        outcome.language = outcome.language.or(Some(self.language));
        crate::check::check(self.mind, self.situation, None, &mut outcome);
        outcome
    }
}
