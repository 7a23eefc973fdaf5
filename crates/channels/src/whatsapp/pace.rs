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
const MINUTE: Duration = Duration::from_mins(1);
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::task::JoinSet;

    fn line(calls: u32, regain: Option<Duration>) -> UsageLine {
        UsageLine {
            scope: "700".to_owned(),
            kind: String::new(),
            calls,
            cpu: 0,
            time: 0,
            regain,
        }
    }

    /// Takes so many turns one after the other and returns after how long each came.
    async fn turns(pace: &Pace, urgency: Urgency, count: usize) -> Vec<Duration> {
        let start = Instant::now();
        let mut came = Vec::new();
        for _ in 0..count {
            pace.turn(urgency).await.unwrap();
            came.push(start.elapsed());
        }
        came
    }

    #[tokio::test(start_paused = true)]
    async fn no_minute_has_more_than_120_calls() {
        let pace = Pace::default();
        turns(&pace, Urgency::Person, 60).await;
        tokio::time::advance(Duration::from_secs(40)).await;
        let start = Instant::now();
        let came = turns(&pace, Urgency::Person, 200).await;
        assert_eq!(came[59], Duration::ZERO);
        assert_eq!(
            came[60],
            Duration::from_secs(20),
            "the first sixty were twenty seconds younger than a minute"
        );
        assert_eq!(came[119], Duration::from_secs(20));
        assert_eq!(came[120], Duration::from_mins(1));
        assert!(
            came.windows(121)
                .all(|some| some[120] >= some[0] + Duration::from_mins(1))
        );
        assert_eq!(pace.usage().calls_last_minute, 80);
        assert!(start.elapsed() < Duration::from_mins(2));
    }

    #[tokio::test(start_paused = true)]
    async fn background_work_leaves_room_for_a_person() {
        let pace = Pace::default();
        turns(&pace, Urgency::Background, 100).await;
        assert_eq!(turns(&pace, Urgency::Person, 1).await, [Duration::ZERO]);
        assert!(turns(&pace, Urgency::Background, 1).await[0] >= Duration::from_secs(59));
    }

    #[tokio::test(start_paused = true)]
    async fn a_person_goes_before_what_waits_and_the_others_keep_their_order() {
        let pace = Arc::new(Pace::default());
        turns(&pace, Urgency::Person, 120).await;
        let order = Arc::new(Mutex::new(Vec::new()));
        let mut waiting = JoinSet::new();
        for (name, urgency) in [
            ("background 1", Urgency::Background),
            ("background 2", Urgency::Background),
            ("person 1", Urgency::Person),
            ("person 2", Urgency::Person),
        ] {
            let (pace, order) = (Arc::clone(&pace), Arc::clone(&order));
            waiting.spawn(async move {
                pace.turn(urgency).await.unwrap();
                order.lock().unwrap().push(name);
            });
            tokio::task::yield_now().await;
        }
        assert_eq!(pace.usage().waiting, 4);
        while waiting.join_next().await.is_some() {}
        assert_eq!(
            *order.lock().unwrap(),
            ["person 1", "person 2", "background 1", "background 2"]
        );
        assert_eq!(pace.usage().waiting, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_waiting_is_in_nobodys_way() {
        let pace = Pace::default();
        turns(&pace, Urgency::Person, 120).await;
        let gave_up = tokio::time::timeout(Duration::from_secs(5), pace.turn(Urgency::Person)).await;
        assert!(gave_up.is_err());
        assert_eq!(pace.usage().waiting, 0);
        assert_eq!(turns(&pace, Urgency::Person, 1).await, [Duration::from_secs(55)]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_that_would_take_minutes_is_not_joined() {
        let pace = Arc::new(Pace::default());
        turns(&pace, Urgency::Person, 120).await;
        let mut waiting = JoinSet::new();
        for _ in 0..LONGEST_LINE {
            let pace = Arc::clone(&pace);
            waiting.spawn(async move { pace.turn(Urgency::Background).await });
        }
        while pace.usage().waiting < LONGEST_LINE {
            tokio::task::yield_now().await;
        }
        assert_eq!(pace.turn(Urgency::Background).await, Err(NoTurn::LineTooLong));
        assert_eq!(
            pace.turn(Urgency::Person).await,
            Ok(()),
            "a person has a line of their own"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn from_75_percent_on_background_calls_leave_slowly_and_people_do_not() {
        let pace = Pace::default();
        pace.note(vec![line(74, None)]);
        assert_eq!(turns(&pace, Urgency::Background, 3).await, [Duration::ZERO; 3]);
        pace.note(vec![line(75, None)]);
        assert_eq!(
            turns(&pace, Urgency::Background, 2).await,
            [2, 4].map(Duration::from_secs)
        );
        assert_eq!(turns(&pace, Urgency::Person, 3).await, [Duration::ZERO; 3]);
        assert_eq!(pace.usage().pressure, Pressure::Slow);
        pace.note(vec![line(10, None)]);
        assert_eq!(turns(&pace, Urgency::Background, 3).await, [Duration::ZERO; 3]);
    }

    #[tokio::test(start_paused = true)]
    async fn from_90_percent_on_background_calls_rest_for_as_long_as_meta_says() {
        let pace = Pace::default();
        pace.note(vec![line(90, Some(Duration::from_mins(12)))]);
        tokio::time::advance(Duration::from_mins(2)).await;
        assert_eq!(
            pace.turn(Urgency::Background).await,
            Err(NoTurn::Held(Duration::from_mins(10)))
        );
        assert_eq!(pace.turn(Urgency::Person).await, Ok(()));
        tokio::time::advance(Duration::from_mins(10)).await;
        assert_eq!(pace.turn(Urgency::Background).await, Ok(()));
        assert_eq!(pace.usage().pressure, Pressure::Free);
    }

    #[tokio::test(start_paused = true)]
    async fn background_calls_that_wait_already_rest_as_well() {
        let pace = Arc::new(Pace::default());
        turns(&pace, Urgency::Person, 120).await;
        let mut waiting = JoinSet::new();
        waiting.spawn({
            let pace = Arc::clone(&pace);
            async move { pace.turn(Urgency::Background).await }
        });
        while pace.usage().waiting == 0 {
            tokio::task::yield_now().await;
        }
        pace.note(vec![line(95, None)]);
        let outcome = waiting.join_next().await.unwrap().unwrap();
        assert!(matches!(outcome, Err(NoTurn::Held(_))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_for_too_many_calls_gives_background_work_a_rest() {
        let pace = Pace::default();
        pace.note_limit(None);
        assert!(matches!(
            pace.turn(Urgency::Background).await,
            Err(NoTurn::Held(_))
        ));
        tokio::time::advance(Duration::from_mins(5)).await;
        assert_eq!(pace.turn(Urgency::Background).await, Ok(()));
        pace.note_limit(Some(Duration::from_secs(30)));
        assert_eq!(
            pace.turn(Urgency::Background).await,
            Err(NoTurn::Held(Duration::from_secs(30)))
        );
    }
}
