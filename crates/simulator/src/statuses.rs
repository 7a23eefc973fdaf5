//! What a customer's phone reports after a message was taken, and when (`whatsapp-cloud-api.md` 3).

use std::time::Duration;

use crate::graph::GraphError;

/// One delivery status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It left Meta.
    Sent,
    /// It is on a device.
    Delivered,
    /// It was opened.
    Read,
    /// The voice note was played.
    Played,
    /// It will not arrive, for this reason.
    Failed(GraphError),
    /// Any other word, for readers that must cope with new ones.
    Other(String),
}

impl Status {
    /// The word on the wire.
    pub fn word(&self) -> &str {
        match self {
            Self::Sent => "sent",
            Self::Delivered => "delivered",
            Self::Read => "read",
            Self::Played => "played",
            Self::Failed(_) => "failed",
            Self::Other(word) => word,
        }
    }
}

/// A status and when it comes after the message was taken: between two delays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) from: Duration,
    pub(crate) to: Duration,
    pub(crate) status: Status,
}

/// Which statuses follow a taken message. Built up from [`StatusPlan::none`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StatusPlan {
    pub(crate) steps: Vec<Step>,
    pub(crate) early: bool,
    pub(crate) copies: u8,
    pub(crate) shuffled: bool,
    pub(crate) playing: bool,
}

impl StatusPlan {
    /// Nothing comes by itself; see [`Meta::report`](crate::Meta::report).
    pub fn none() -> Self {
        Self {
            copies: 1,
            ..Self::default()
        }
    }

    /// Sent, delivered and read one after the other, without delay.
    pub fn immediate() -> Self {
        Self::none()
            .then(Duration::ZERO, Status::Sent)
            .then(Duration::ZERO, Status::Delivered)
            .then(Duration::ZERO, Status::Read)
    }

    /// As with a person who has the phone at hand: 0.3 s, 0.9 s, and read after 2 to 4 s.
    pub fn lively() -> Self {
        Self::none()
            .then(Duration::from_millis(300), Status::Sent)
            .then(Duration::from_millis(900), Status::Delivered)
            .between(Duration::from_secs(2), Duration::from_secs(4), Status::Read)
    }

    /// Adds a status that comes after this delay, counted from the moment the message was taken.
    #[must_use]
    pub fn then(self, after: Duration, status: Status) -> Self {
        self.between(after, after, status)
    }

    /// Adds a status that comes between two delays, counted from the moment the message was taken.
    #[must_use]
    pub fn between(mut self, from: Duration, to: Duration, status: Status) -> Self {
        self.steps.push(Step { from, to, status });
        self
    }

    /// Voice notes are played a while after they were read, as far as the plan says they are read.
    #[must_use]
    pub fn playing(mut self) -> Self {
        self.playing = true;
        self
    }

    /// The steps that apply to this message: our reactions only ever leave, and only voice notes are played
    /// (section 3.2).
    pub(crate) fn steps_for(&self, kind: &str, voice: bool) -> Vec<Step> {
        let mut steps = self.steps.clone();
        if kind == "reaction" {
            steps.retain(|step| !matches!(step.status, Status::Delivered | Status::Read | Status::Played));
        }
        let read = steps.iter().find(|step| step.status == Status::Read);
        if let Some(read) = read.filter(|_| self.playing && voice) {
            let (from, to) = (read.from.mul_f64(1.5), read.to.mul_f64(1.5));
            steps.push(Step {
                from,
                to,
                status: Status::Played,
            });
        }
        steps
    }

    /// All statuses are delivered before the answer to the send leaves; delays are ignored then.
    #[must_use]
    pub fn before_the_answer(mut self) -> Self {
        self.early = true;
        self
    }

    /// Every status comes this many times.
    #[must_use]
    pub fn copies(mut self, copies: u8) -> Self {
        self.copies = copies.max(1);
        self
    }

    /// The statuses come in random order.
    #[must_use]
    pub fn shuffled(mut self) -> Self {
        self.shuffled = true;
        self
    }

    /// The same plan with all delays multiplied.
    #[must_use]
    pub fn stretched(mut self, factor: f64) -> Self {
        for step in &mut self.steps {
            step.from = step.from.mul_f64(factor);
            step.to = step.to.mul_f64(factor);
        }
        self
    }
}
