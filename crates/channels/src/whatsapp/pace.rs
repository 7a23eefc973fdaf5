//! When a management call may leave: at most 120 a minute, people before background work, and slower or not at all
//! when Meta says that its allowance runs out (whatsapp-cloud-api, section 9.2).
//!
//! Messages and files are not counted here; the dispatcher paces those.

use super::usage::{Allowance, Pressure, Usage, UsageLine};
use std::collections::VecDeque;
use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// Calls in any minute.
const MOST_A_MINUTE: usize = 120;
/// Of these background work leaves some free, so that a person at the desk does not wait for it.
const MOST_OF_BACKGROUND: usize = 100;
const MINUTE: Duration = Duration::from_secs(60);
/// Between background calls while the allowance is short.
const SLOW_STEP: Duration = Duration::from_secs(2);
/// Calls that may wait, of each kind. More would wait for minutes, and whoever asked has gone by then.
const LONGEST_LINE: usize = 240;

/// Who waits for the answer of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Urgency {
    /// Somebody in front of the window.
    #[default]
    Person,
    /// Nobody: it is done now and then.
    Background,
}

/// Why a call may not even wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoTurn {
    /// Too many wait already.
    LineTooLong,
    /// Background work rests for so long, since the allowance is used up.
    Held(Duration),
}

/// The line of the calls that want to leave.
#[derive(Debug, Default)]
pub(super) struct Pace {
    state: Mutex<State>,
    moved: Notify,
}

#[derive(Debug, Default)]
struct State {
    /// When the calls of the last minute left, oldest first.
    left: VecDeque<Instant>,
    persons: VecDeque<u64>,
    background: VecDeque<u64>,
    next_ticket: u64,
    allowance: Allowance,
}

enum Step {
    Go,
    No(NoTurn),
    /// It is this call's turn then.
    At(Instant),
    /// Somebody else comes first.
    Behind,
}

/// A place in the line; given up when the call is.
struct Place<'a> {
    pace: &'a Pace,
    urgency: Urgency,
    ticket: u64,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let ticket = self.ticket;
        self.pace
            .state()
            .line(self.urgency)
            .retain(|waiting| *waiting != ticket);
        self.pace.moved.notify_waiters();
    }
}

impl Pace {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a call may leave, and counts it.
    pub(super) async fn turn(&self, urgency: Urgency) -> Result<(), NoTurn> {
        let place = self.line_up(urgency)?;
        loop {
            let mut moved = pin!(self.moved.notified());
            // From here on no movement is missed, also not one between the look and the wait.
            moved.as_mut().enable();
            let step = self.state().step(&place, Instant::now());
            match step {
                Step::Go => return Ok(()),
                Step::No(reason) => return Err(reason),
                Step::Behind => moved.await,
                Step::At(then) => tokio::select! {
                    () = tokio::time::sleep_until(then) => {}
                    () = moved => {}
                },
            }
        }
    }

    fn line_up(&self, urgency: Urgency) -> Result<Place<'_>, NoTurn> {
        let mut state = self.state();
        if state.line(urgency).len() >= LONGEST_LINE {
            return Err(NoTurn::LineTooLong);
        }
        let ticket = state.next_ticket;
        state.next_ticket = ticket.wrapping_add(1);
        state.line(urgency).push_back(ticket);
        drop(state);
        Ok(Place {
            pace: self,
            urgency,
            ticket,
        })
    }

    /// Keeps what Meta's answer said about the allowance.
    pub(super) fn note(&self, lines: Vec<UsageLine>) {
        if !lines.is_empty() {
            self.state().allowance.note(lines, Instant::now());
            self.moved.notify_waiters();
        }
    }

    /// Keeps that a call was refused because the allowance is used up.
    pub(super) fn note_limit(&self, wait: Option<Duration>) {
        self.state().allowance.note_limit(wait, Instant::now());
        self.moved.notify_waiters();
    }

    /// Returns how much of the allowance is used.
    pub(super) fn usage(&self) -> Usage {
        let now = Instant::now();
        let mut state = self.state();
        state.forget_before(now);
        let calls = state.left.len();
        let waiting = state.persons.len() + state.background.len();
        state.allowance.usage(now, calls, waiting)
    }
}

impl State {
    const fn line(&mut self, urgency: Urgency) -> &mut VecDeque<u64> {
        match urgency {
            Urgency::Person => &mut self.persons,
            Urgency::Background => &mut self.background,
        }
    }

    fn forget_before(&mut self, now: Instant) {
        while self.left.front().is_some_and(|left| *left + MINUTE <= now) {
            self.left.pop_front();
        }
    }

    fn step(&mut self, place: &Place<'_>, now: Instant) -> Step {
        if place.urgency == Urgency::Background {
            if let Pressure::Held(wait) = self.allowance.pressure(now) {
                return Step::No(NoTurn::Held(wait));
            }
            if !self.persons.is_empty() {
                return Step::Behind;
            }
        }
        if self.line(place.urgency).front() != Some(&place.ticket) {
            return Step::Behind;
        }
        self.forget_before(now);
        let most = match place.urgency {
            Urgency::Person => MOST_A_MINUTE,
            Urgency::Background => MOST_OF_BACKGROUND,
        };
        // The one that must have left the last minute before the next may go.
        if let Some(oldest) = self.left.len().checked_sub(most).and_then(|at| self.left.get(at)) {
            return Step::At(*oldest + MINUTE);
        }
        if place.urgency == Urgency::Background
            && self.allowance.pressure(now) == Pressure::Slow
            && let Some(last) = self.left.back()
            && *last + SLOW_STEP > now
        {
            return Step::At(*last + SLOW_STEP);
        }
        self.left.push_back(now);
        Step::Go
    }
}
