//! The script of a customer, and how it is lived: speak, wait for an answer, think, speak again. No network here.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, sleep_until, timeout_at};

/// A message written before the shop opened.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Past {
    /// Minutes before the opening.
    pub(crate) minutes_ago: i64,
    pub(crate) text: &'static str,
}

/// A message to be written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Typing time before it leaves, in milliseconds.
    pub(crate) typing: u64,
    /// More than zero: written so many minutes before it arrives (the phone had no network).
    pub(crate) minutes_late: i64,
    pub(crate) text: &'static str,
}

/// A line with an ordinary typing time.
pub(crate) const fn line(text: &'static str) -> Line {
    Line {
        typing: 2_500,
        minutes_late: 0,
        text,
    }
}

/// A line typed in a hurry.
pub(crate) const fn quick(text: &'static str) -> Line {
    Line {
        typing: 900,
        minutes_late: 0,
        text,
    }
}

/// Lines said instead of the usual ones when the answer holds one of the words (lower case).
#[derive(Debug, Clone, Copy)]
pub(crate) struct IfTold {
    pub(crate) words: &'static [&'static str],
    pub(crate) say: &'static [Line],
}

/// What makes a customer speak.
#[derive(Debug, Clone, Copy)]
pub(crate) enum When {
    /// By themselves, so many milliseconds after the previous turn. An answer that comes first makes the turn needless.
    Unprompted(u64),
    /// In any case, so many milliseconds after the previous turn: somebody who said they would come back.
    Back(u64),
    /// After an answer, when they have read it and thought for `pause` milliseconds. If none comes, they ask once more.
    Answered { pause: u64, again: Option<(u64, Line)> },
}

/// One contribution of a customer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Turn {
    pub(crate) when: When,
    pub(crate) say: &'static [Line],
    pub(crate) if_told: &'static [IfTold],
}

/// A turn that starts a conversation, after so many milliseconds.
pub(crate) const fn unprompted(after: u64, say: &'static [Line]) -> Turn {
    Turn {
        when: When::Unprompted(after),
        say,
        if_told: &[],
    }
}

/// A turn of somebody who comes back, after so many milliseconds.
pub(crate) const fn back(after: u64, say: &'static [Line]) -> Turn {
    Turn {
        when: When::Back(after),
        say,
        if_told: &[],
    }
}

/// A reaction to an answer.
pub(crate) const fn answered(pause: u64, say: &'static [Line]) -> Turn {
    Turn {
        when: When::Answered { pause, again: None },
        say,
        if_told: &[],
    }
}

impl Turn {
    /// If no answer comes within so many milliseconds, this line is said, once.
    pub(crate) const fn asking_again(mut self, after: u64, again: Line) -> Self {
        if let When::Answered { pause, .. } = self.when {
            self.when = When::Answered {
                pause,
                again: Some((after, again)),
            };
        }
        self
    }

    /// Other lines for answers that hold certain words.
    pub(crate) const fn if_told(mut self, cases: &'static [IfTold]) -> Self {
        self.if_told = cases;
        self
    }

    /// What to say to this answer.
    pub(crate) fn lines_for(&self, answer: &str) -> &'static [Line] {
        let answer = answer.to_lowercase();
        let told = self
            .if_told
            .iter()
            .find(|case| case.words.iter().any(|word| answer.contains(word)));
        told.map_or(self.say, |case| case.say)
    }
}

/// How fast the demo lives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tempo(f64);

impl Tempo {
    /// The pace of people.
    pub const REAL: Self = Self(1.0);

    /// All waiting multiplied by `factor`: 0.05 is twenty times as fast. For tests.
    pub fn scaled(factor: f64) -> Self {
        Self(if factor.is_finite() {
            factor.clamp(0.0, 100.0)
        } else {
            1.0
        })
    }

    /// The scale, 1 for the pace of people.
    pub(crate) fn factor(self) -> f64 {
        self.0
    }

    pub(crate) fn of(self, milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds).mul_f64(self.0)
    }
}

/// Bubbles that follow each other within this time are read together, in milliseconds.
const READ_TOGETHER: u64 = 2_000;

/// Plays the turns until the last one. `answers` are the shop's messages to this customer, `voice` takes their own.
pub(crate) async fn live(
    turns: &'static [Turn],
    tempo: Tempo,
    mut answers: mpsc::Receiver<String>,
    voice: mpsc::Sender<Line>,
) {
    let mut early: Option<String> = None;
    for turn in turns {
        let lines = match turn.when {
            When::Unprompted(after) => {
                let due = Instant::now() + tempo.of(after);
                early = early.or(answer_before(&mut answers, due).await);
                if early.is_some() { &[] } else { turn.say }
            }
            When::Back(after) => {
                sleep(tempo.of(after)).await;
                // What was said meanwhile does not answer what comes now.
                while answers.try_recv().is_ok() {}
                early = None;
                turn.say
            }
            When::Answered { pause, again } => {
                let first = match early.take() {
                    Some(answer) => Some(answer),
                    None => first_answer(&mut answers, again, tempo, &voice).await,
                };
                let Some(mut answer) = first else { return };
                let due = Instant::now() + tempo.of(pause);
                let together = Instant::now() + tempo.of(READ_TOGETHER.min(pause));
                while let Some(more) = answer_before(&mut answers, together).await {
                    answer.push(' ');
                    answer.push_str(&more);
                }
                sleep_until(due).await;
                turn.lines_for(&answer)
            }
        };
        for line in lines {
            if say(line, tempo, &voice).await.is_err() {
                return;
            }
        }
    }
}

/// The shop has closed.
struct Closed;

async fn say(line: &Line, tempo: Tempo, voice: &mpsc::Sender<Line>) -> Result<(), Closed> {
    sleep(tempo.of(line.typing)).await;
    voice.send(*line).await.map_err(|_| Closed)
}

/// The next answer, if one comes before `due`. When the shop has closed this waits until `due`.
async fn answer_before(answers: &mut mpsc::Receiver<String>, due: Instant) -> Option<String> {
    match timeout_at(due, answers.recv()).await {
        Ok(Some(answer)) => Some(answer),
        Ok(None) => {
            sleep_until(due).await;
            None
        }
        Err(_) => None,
    }
}

/// Waits for an answer, asks once more where the script says so, and goes on waiting. `None`: the shop has closed.
async fn first_answer(
    answers: &mut mpsc::Receiver<String>,
    again: Option<(u64, Line)>,
    tempo: Tempo,
    voice: &mpsc::Sender<Line>,
) -> Option<String> {
    if let Some((after, line)) = again {
        match timeout_at(Instant::now() + tempo.of(after), answers.recv()).await {
            Ok(answer) => return answer,
            Err(_) => say(&line, tempo, voice).await.ok()?,
        }
    }
    answers.recv().await
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
